/** The app's mark, as index.html has it. */
export const Mark = () => (
  <svg width="20" height="20" aria-hidden="true">
    <use href="#app-mark" />
  </svg>
);
