import { type FormEvent, type ReactNode, useEffect, useRef } from 'react'
import type { PageCardView, ParamView } from '../../../plugin/index.ts'
import type { BeginRun, ServedEnvironment, Session } from '../../../wire/index.ts'
import controls from '../press/controls.module.css'
import { usePresses } from '../press/use-presses.ts'
import bar from './ControlBar.module.css'
import { LookedBefore } from './LookedBefore.tsx'
import styles from './RunHere.module.css'
import { Where } from './Where.tsx'

/** Where a page will run and with which parameters, and the button that begins it. */
export function BeginForm(props: {
  readonly page: PageCardView
  readonly session: Session
  readonly environment: ServedEnvironment
  /** The page's address: it may name an alert and its labels. */
  readonly query: URLSearchParams
  readonly onBegun: (run: string) => void
  readonly onClose: () => void
}): ReactNode {
  const { page, session, environment, query, onBegun, onClose } = props
  const presses = usePresses()
  const go = useRef<HTMLButtonElement>(null)
  useEffect(() => go.current?.focus(), [])
  const alert = query.get('alert') ?? undefined
  const reads = session.role === 'reader'
  const begin = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (reads) return
    const given = new FormData(event.currentTarget)
    const params = page.params.flatMap(({ name }) => {
      const value = given.get(name)
      return typeof value === 'string' && value !== '' ? [[name, value] as const] : []
    })
    const begun = await presses.press<{ readonly run: string }>('/api/runs', {
      page: page.id,
      contentHash: page.hash,
      environment: environment.name,
      params: Object.fromEntries(params),
      ...(alert === undefined ? {} : { alert }),
    } satisfies Omit<BeginRun, 'key'>)
    if (begun) onBegun(begun.run)
  }
  return (
    <form className={styles.form} onSubmit={begin}>
      <header className={styles.head}>
        <Where environment={environment} />
        <button type="button" className={styles.close} onClick={onClose}>
          Close
        </button>
      </header>
      <div className={styles.fields}>
        <p>
          {alert === undefined ? 'You run it by hand: for no alert.' : `For the alert ${alert}.`} It asks before it
          changes anything.{sayFields(page.params, query)}
        </p>
        {page.params.map(param => (
          <Field key={param.name} param={param} value={prefill(param, query)} />
        ))}
        <LookedBefore page={page.id} environment={environment.name} query={query} />
      </div>
      <section className={bar.bar} aria-label="Begin">
        <div className={bar.says}>
          <div>
            <p role="status">{sayBegin(presses.busy, presses.says, reads)}</p>
          </div>
        </div>
        <div className={bar.side} />
        <div className={bar.main}>
          <span />
          <span />
          <button ref={go} type="submit" className={bar.go} aria-disabled={reads || presses.busy}>
            Run {page.begins ?? ''}
          </button>
        </div>
      </section>
    </form>
  )
}

/** Whoever sees the fields for the first time need not think about them. */
function sayFields(params: readonly ParamView[], query: URLSearchParams): string {
  const isFilled = (param: ParamView) => param.default !== undefined || prefill(param, query) !== undefined
  return params.length > 0 && params.every(isFilled) ? ' You can leave the fields as they are.' : ''
}

function sayBegin(busy: boolean, says: string, reads: boolean): string {
  if (says !== '') return says
  if (reads) return 'You may read, not run.'
  return busy ? 'Sent. Waiting for the server …' : 'Ready to begin.'
}

function Field({ param, value }: { readonly param: ParamView; readonly value: string | undefined }): ReactNode {
  const { name, type, description, default: usual } = param
  return (
    <label className={styles.field}>
      <span>
        <code>{name}</code> {description}
      </span>
      <input
        name={name}
        className={controls.field}
        defaultValue={value ?? usual ?? ''}
        required={usual === undefined}
        spellCheck={false}
        autoComplete="off"
      />
      <small>
        {value === undefined ? (usual === undefined ? 'must be given: ' : 'the default: ') : 'from the alert: '}
        {type}
      </small>
    </label>
  )
}

/** The value of an alert's label that fills a parameter. */
function prefill({ label }: ParamView, query: URLSearchParams): string | undefined {
  return label === undefined ? undefined : (query.get(`label.${label}`) ?? undefined)
}
