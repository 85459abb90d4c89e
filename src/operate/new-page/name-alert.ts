/** An alert's name for a page, with the words that all alerts here begin with: `queue-stuck` is `ShopQueueStuck` beside `Shop…`. */
export function nameAlert(page: string, others: readonly string[]): string {
  const words = others.map(other => other.match(/[A-Z][a-z0-9]*/g) ?? [])
  const [first = []] = words
  let shared = 0
  while (words.length > 1 && words.every(of => of.length > shared + 1 && of[shared] === first[shared])) shared += 1
  const own = page.split('-').map(word => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
  return [...first.slice(0, shared), ...own].join('')
}
