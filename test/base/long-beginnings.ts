/** Beginnings of blocks that a search for imports could read again and again. */
export const LONG_BEGINNINGS: readonly string[] = [
  `import ${'a, '.repeat(50_000)}`,
  '/*'.repeat(50_000),
  '// import\n'.repeat(50_000),
]
