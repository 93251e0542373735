/**
 * What the binary format of WebAssembly calls its sections by, for those who write modules and those who take them apart.
 *
 * In core because neither code generation nor the runtime may know the other. WebAssembly core specification, section 5.5.2.
 */
export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  memory: 5,
  export: 7,
  code: 10,
  data: 11,
  dataCount: 12,
} as const
