import { isActiveSidebarItem } from '@docusaurus/plugin-content-docs/client'
import useIsBrowser from '@docusaurus/useIsBrowser'
import type { Props } from '@theme/DocSidebarItems'
import Original from '@theme-original/DocSidebarItems'
import { type ReactNode, useState } from 'react'
import styles from './styles.module.css'

/** As many as one looks through: with more, the list is most of every page and nobody reads it. */
const MOST = 60
const SHOWN = 30

/** The pages of a part of the site; of hundreds, those nearest to the one that is open, until all are asked for. */
export default function DocSidebarItems({ items, ...props }: Props): ReactNode {
  const [whole, setWhole] = useState(false)
  const isBrowser = useIsBrowser()
  if (whole || items.length <= MOST) return <Original items={items} {...props} />
  const place = items.findIndex(item => isActiveSidebarItem(item, props.activePath))
  return (
    <>
      <Original items={nearest(items, place, SHOWN)} {...props} />
      <li className="menu__list-item">
        {isBrowser ? (
          <button type="button" className={`menu__link ${styles.more}`} onClick={() => setWhole(true)}>
            Show all {items.length}
          </button>
        ) : (
          <span className="menu__link">
            {SHOWN} of {items.length}
          </span>
        )}
      </li>
    </>
  )
}

/** The run of at most `count` items that has the one at `place` in its middle, as far as there are enough on both sides. */
function nearest<T>(items: readonly T[], place: number, count: number): readonly T[] {
  const first = Math.max(0, Math.min(place - Math.floor(count / 2), items.length - count))
  return items.slice(first, first + count)
}
