import { isActiveSidebarItem } from '@docusaurus/plugin-content-docs/client'
import useIsBrowser from '@docusaurus/useIsBrowser'
import type { Props } from '@theme/DocSidebarItems'
import Original from '@theme-original/DocSidebarItems'
import { type ReactNode, useState } from 'react'
import styles from './styles.module.css'

/** The longest list that people read. A longer one would be most of every page. */
const MOST = 60
const SHOWN = 30

/** The pages of a part of the site. Of a long list, only those near the open page are shown until the reader asks for all. */
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

/** At most `count` items in a row, with the one at `place` in the middle where both sides have enough. */
function nearest<T>(items: readonly T[], place: number, count: number): readonly T[] {
  const first = Math.max(0, Math.min(place - Math.floor(count / 2), items.length - count))
  return items.slice(first, first + count)
}
