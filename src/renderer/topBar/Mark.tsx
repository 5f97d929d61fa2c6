/** The app's mark: a position with the stream that leads to it. */
export function Mark() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" fill="none" aria-hidden="true">
      <path
        d="M1.5 15.5c3.5 0 4.2-2 6-4.6"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        opacity=".55"
      />
      <path
        d="M1.5 10.5c2.4 0 3.4-1 4.6-2.6"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        opacity=".3"
      />
      <circle cx="12.2" cy="7.2" r="4.6" stroke="currentColor" strokeWidth="1.8" />
      <circle cx="12.2" cy="7.2" r="1.7" fill="currentColor" />
    </svg>
  );
}
