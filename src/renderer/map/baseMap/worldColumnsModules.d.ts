/** Addresses of the geometry that the build lays out (scripts/setup/worldColumns.ts), by Natural Earth's scale. */
declare module 'world-columns:*' {
  const url: string;
  export default url;
}
