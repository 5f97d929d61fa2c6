/** WebAssembly that the build makes of src/geo/assembly (scripts/setup/assembly.ts). */
declare module 'assembly:layoutReader' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
