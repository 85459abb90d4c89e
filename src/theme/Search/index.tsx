import { useHistory } from '@docusaurus/router'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import type { Find, SearchAnswer, ShownEntry } from '../../search/index.ts'
import { breakName } from '../Procedure/Badge.tsx'
import { loadNearest, loadSearch } from './load-search.ts'
import styles from './styles.module.css'

const MOST = 12

/** What somebody has typed into a field of the search, and what was found. */
interface Props {
  readonly label: string
  /** What stands in the field at first, such as the last part of a wrong address. */
  readonly start?: string
  /** What is shown while nothing is typed, and when nothing is near to what stood there at first. */
  readonly children?: ReactNode
  /** Called when the reader goes to a hit. */
  readonly onLeave?: () => void
}

/**
 * The search: a field, and below it what was found. Enter goes to the first hit, the arrows choose another. The focus stays in the field,
 * and nothing but the reader moves it there.
 */
export default function Search({ label, start = '', children, onLeave }: Props): ReactNode {
  const [typed, setTyped] = useState(start)
  const [active, setActive] = useState(0)
  const isStart = start !== '' && typed === start
  const { answer, failed, load } = useAnswer(typed, isStart)
  const id = useId()
  const history = useHistory()
  const hits = answer?.hits.slice(0, MOST) ?? []

  const go = (hit: ShownEntry | undefined) => {
    if (!hit) return
    onLeave?.()
    history.push(hit.url)
  }
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') {
      event.preventDefault()
      if (answer) go(hits[active])
      // Enter may come before the index has.
      else if (typed.trim() !== '') loadFor(isStart).then(run => go(run(typed).hits[0]), load)
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined || hits.length === 0) return
    event.preventDefault()
    setActive((active + step + hits.length) % hits.length)
  }
  const idOf = (at: number) => `${id}-${at}`
  return (
    <>
      <search className={`${styles.search} hb-needs-script`}>
        <label htmlFor={id}>{label}</label>
        <input
          id={id}
          className={styles.field}
          type="text"
          role="combobox"
          aria-expanded={hits.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={hits[active] ? idOf(active) : undefined}
          placeholder="An alert, a symptom, an error code"
          autoComplete="off"
          autoCapitalize="off"
          enterKeyHint="go"
          spellCheck={false}
          value={typed}
          onFocus={load}
          onChange={event => {
            setActive(0)
            setTyped(event.currentTarget.value)
          }}
          onKeyDown={press}
        />
        <p className={styles.says} role="status">
          {typed.trim() === '' ? '' : failed ? 'The search could not be loaded.' : say(answer, isStart)}
        </p>
        <div
          className={styles.hits}
          role="listbox"
          id={`${id}-list`}
          aria-label="What was found"
          hidden={hits.length === 0}
        >
          {hits.map((hit, at) => (
            <Hit key={hit.url} hit={hit} id={idOf(at)} active={at === active} onGo={() => go(hit)} />
          ))}
        </div>
      </search>
      {(typed.trim() === '' || (isStart && answer?.hits.length === 0)) && children}
    </>
  )
}

/** What stood in the field at first is looked for among names only. */
function loadFor(isStart: boolean): Promise<Find> {
  return isStart ? loadNearest() : loadSearch()
}

/** The answer to what is typed now; none while the index is on its way. */
function useAnswer(
  typed: string,
  isStart: boolean,
): { answer: SearchAnswer | undefined; failed: boolean; load: () => void } {
  const [found, setFound] = useState<{ readonly run: Find; readonly isStart: boolean }>()
  const [failed, setFailed] = useState(false)
  const load = () => {
    loadFor(isStart).then(
      run => setFound({ run, isStart }),
      () => setFailed(true),
    )
  }
  const wanted = typed.trim() !== ''
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is loaded once, when something is first typed
  useEffect(() => {
    if (wanted) load()
  }, [wanted, isStart])
  return { answer: wanted && found?.isStart === isStart ? found.run(typed) : undefined, failed, load }
}

function say(answer: SearchAnswer | undefined, isStart: boolean): string {
  if (!answer) return 'The index is on its way …'
  const { hits, note } = answer
  if (hits.length === 0 && isStart) return 'No page has a name like this. Type what you look for.'
  if (hits.length === 0) return 'Nothing was found. Try other words, or fewer.'
  if (note !== undefined) return note
  return hits.length === 1 ? '1 place' : `${Math.min(hits.length, MOST)} of ${hits.length} places`
}

const KINDS: Readonly<Record<ShownEntry['kind'], string>> = {
  runbook: 'Runbook',
  symptom: 'Symptom',
  guide: 'Guide',
  assessment: 'Assessment',
  contributing: 'Contributing',
}

function Hit(props: {
  readonly hit: ShownEntry
  readonly id: string
  readonly active: boolean
  readonly onGo: () => void
}): ReactNode {
  const { hit, id, active, onGo } = props
  const { kind, title, page, alerts = [], url } = hit
  const link = useRef<HTMLAnchorElement>(null)
  useEffect(() => {
    if (active) link.current?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    <a
      ref={link}
      id={id}
      className={styles.hit}
      role="option"
      aria-selected={active}
      href={url}
      tabIndex={-1}
      onClick={event => {
        // With a key held down, the browser opens it elsewhere.
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        onGo()
      }}
    >
      <span className={styles.title}>{breakName(title)}</span>
      <span className={styles.kind}>{page === undefined ? KINDS[kind] : `${KINDS[kind]} · ${page}`}</span>
      {alerts.map(name => (
        <code key={name} className={styles.alert}>
          {breakName(name)}
        </code>
      ))}
    </a>
  )
}
