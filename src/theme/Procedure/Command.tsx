import { type ReactNode, useEffect, useSyncExternalStore } from 'react'
import type { ParamView } from '../../plugin/index.ts'
import { WholeWords } from './Badge.tsx'
import { CopyButton } from './CopyButton.tsx'
import { completeCommand } from './complete-command.ts'
import styles from './PageCard.module.css'
import { useSiteData } from './site-data.ts'

/** The command that runs a page, and a small form of the environment and the parameters, which completes it. */
export function Command(props: { readonly command: string; readonly params: readonly ParamView[] }): ReactNode {
  const { params } = props
  const { environments } = useSiteData()
  // Another page begins without what was chosen here.
  useEffect(() => forget, [])
  const whole = completeCommand(props.command, useGiven(), environments)
  return (
    <>
      <div className={styles.command}>
        <code>
          <span aria-hidden="true">$ </span>
          <WholeWords>{whole}</WholeWords>
        </code>
        <CopyButton text={whole} label="Copy" />
      </div>
      {environments.length > 0 && (
        <p className={`${styles.choice} hb-needs-script`}>
          <label>
            Environment{' '}
            <select onChange={event => give('--env', event.currentTarget.value)}>
              <option value="">ENV</option>
              {environments.map(name => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        </p>
      )}
      {params.length > 0 && <Params params={params} />}
    </>
  )
}

function Params({ params }: { readonly params: readonly ParamView[] }): ReactNode {
  return (
    <details className={styles.params}>
      <summary>
        {params.length === 1 ? '1 parameter' : `${params.length} parameters`}:{' '}
        {params.map(({ name, default: value }) => (
          <code key={name}>
            {name}
            {value ? `=${value}` : ''}
          </code>
        ))}
      </summary>
      <ul>
        {params.map(param => (
          <Param key={param.name} param={param} />
        ))}
      </ul>
    </details>
  )
}

function Param({ param }: { readonly param: ParamView }): ReactNode {
  const { name, type, default: value, description, variable } = param
  const known = value === undefined ? 'must be given' : value === '' ? 'empty by default' : `default ${value}`
  return (
    <li>
      <label>
        <code>{name}</code> {description}
        <input
          className="hb-needs-script"
          placeholder={value ?? ''}
          spellCheck={false}
          autoComplete="off"
          onChange={event => give(name, event.currentTarget.value)}
        />
      </label>
      <small>
        {type}, {known}; in bash <code>{variable}</code>
      </small>
    </li>
  )
}

/** What the reader has chosen on this page: the environment as `--env`, and parameters by name. */
let given: ReadonlyMap<string, string> = new Map()
const NOTHING: ReadonlyMap<string, string> = new Map()
const listeners = new Set<() => void>()

function give(name: string, value: string): void {
  given = new Map([...given, [name, value]])
  for (const listener of listeners) listener()
}

function forget(): void {
  given = NOTHING
}

/** Follows what the reader chooses. */
export function useGiven(): ReadonlyMap<string, string> {
  return useSyncExternalStore(
    listen,
    () => given,
    () => NOTHING,
  )
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
