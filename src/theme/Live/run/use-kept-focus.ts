import { type RefObject, useEffect, useRef } from 'react'

/** Keeps the keyboard in an element when the button that had it goes with its question. */
export function useKeptFocus(question: string | undefined): RefObject<HTMLElement | null> {
  const element = useRef<HTMLElement>(null)
  const was = useRef(false)
  useEffect(() => {
    const note = ({ target }: FocusEvent) => {
      was.current = target instanceof Node && element.current?.contains(target) === true
    }
    document.addEventListener('focusin', note)
    return () => document.removeEventListener('focusin', note)
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each question
  useEffect(() => {
    const lost = document.activeElement === null || document.activeElement === document.body
    if (was.current && lost) element.current?.focus({ preventScroll: true })
  }, [question])
  return element
}
