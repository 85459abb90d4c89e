import { type ReactNode, useEffect, useState } from 'react'
import type { PageCardView } from '../../plugin/index.ts'
import styles from './PageCard.module.css'

/** The page's sections, which stay in sight; on a phone, those that run and whom to call. The section that is being read is marked. */
export function Sections({ sections }: Pick<PageCardView, 'sections'>): ReactNode {
  const current = useCurrentSection(sections)
  return (
    <nav className={`${styles.sections} hb-sections`} aria-label="Sections of this page">
      <ol>
        {sections.map(({ id, title, number }) => (
          <li key={id} data-runs={number !== undefined || id === 'escalate'}>
            <a
              className={styles.link}
              href={`#${id}`}
              data-runs={number !== undefined}
              aria-current={id === current ? 'location' : undefined}
            >
              {number !== undefined && <span className={styles.number}>{number}</span>}
              {title}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  )
}

/** The id of the section that is being read: its heading was the last to reach the top of the window. */
function useCurrentSection(sections: PageCardView['sections']): string | undefined {
  const [current, setCurrent] = useState<string>()
  useEffect(() => {
    const update = () => {
      const passed = sections.filter(({ id }) => {
        const heading = document.getElementById(id)
        return heading !== null && heading.getBoundingClientRect().top < 160
      })
      setCurrent(passed.at(-1)?.id)
    }
    update()
    document.addEventListener('scroll', update, { passive: true })
    return () => document.removeEventListener('scroll', update)
  }, [sections])
  return current
}
