/** `staleAfter` as a variable: `STALE_AFTER`. A name without a letter that a shell knows, `検査`, is spelt by numbers: `U691C_U67FB`. */
export function toVariable(name: string): string {
  const known = /[A-Za-z0-9]/.test(name) ? name : [...name].map(spell).join('_')
  return known
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()
}

function spell(sign: string): string {
  return /[\p{L}\p{N}]/u.test(sign) ? `U${sign.codePointAt(0)?.toString(16)}` : ''
}
