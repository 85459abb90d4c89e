import Link from '@docusaurus/Link'
import guides from '@generated/handbook/default/guides.json'
import type { ReactNode } from 'react'
import styles from './styles.module.css'

/** The guides, in the order of the sidebar, each with what it is for. */
export default function Guides(): ReactNode {
  return (
    <ul className={styles.guides}>
      {guides.map(({ title, description, permalink }) => (
        <li key={permalink}>
          <Link to={permalink}>{title}</Link>
          <p>{description}</p>
        </li>
      ))}
    </ul>
  )
}
