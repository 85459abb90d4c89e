/** Whether a run that is open covers its page, as it does on a phone. */
export function coversPage(): boolean {
  return window.matchMedia('(max-width: 996px)').matches
}
