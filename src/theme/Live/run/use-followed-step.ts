import { useEffect, useRef } from 'react'

/**
 * Scrolls to each step that a run comes to, as `find` finds it, as long as the reader stays with the run: who has scrolled the step before out of
 * sight reads elsewhere, and nothing moves. It is followed again once the step where it is then is in sight.
 */
export function useFollowedStep(step: string | undefined, find: (step: string) => Element | null | undefined): void {
  const before = useRef<string>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each step, however it is found
  useEffect(() => {
    if (step === undefined) return
    const was = before.current === undefined ? undefined : find(before.current)
    before.current = step
    if (!was || isSeen(was)) find(step)?.scrollIntoView({ block: 'nearest', behavior: 'instant' })
  }, [step])
}

/** Whether any of it is in its scrolled area, or in the window. */
function isSeen(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect()
  const area = element.closest('[data-scrolls]')?.getBoundingClientRect() ?? { top: 0, bottom: window.innerHeight }
  return bottom > area.top && top < area.bottom
}
