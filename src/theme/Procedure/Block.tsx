import type { ReactNode } from 'react'
import type { BlockView } from '../../plugin/index.ts'
import styles from './Block.module.css'
import { CopyButton } from './CopyButton.tsx'
import { parseView } from './page-data.ts'

/** A step's code, below a bar that says what copying gives. */
export function Block({ view, children }: { readonly view: string; readonly children: ReactNode }): ReactNode {
  const { language, copies, file } = parseView<BlockView>(view)
  const bash = language === 'bash'
  return (
    <div className={styles.block}>
      <div className={`${styles.bar} hb-not-searched`}>
        <span className={styles.language}>{bash ? 'bash' : 'TypeScript'}</span>
        {file && <code className={styles.file}>{file}</code>}
        <CopyButton
          text={copies}
          label={bash ? 'Copy for a shell' : 'Copy command'}
          title={bash ? 'Copies a guarded subshell: it stops at the first failure and leaves your shell open' : copies}
        />
      </div>
      {children}
    </div>
  )
}
