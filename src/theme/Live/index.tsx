import { useLocation } from '@docusaurus/router'
import { type ComponentType, lazy, type ReactNode, Suspense, useSyncExternalStore } from 'react'
import type { PageCardView } from '../../plugin/index.ts'
import page from './Alone.module.css'
import styles from './slots.module.css'

// What a live handbook adds to the pages. On a static host none of this is loaded, and nothing is asked for.
const Now = lazy(() => load(import(/* webpackChunkName: "live-now" */ './now/Now.tsx'), ({ Now }) => Now))
const RunHere = lazy(() =>
  load(import(/* webpackChunkName: "live-page" */ './run/RunHere.tsx'), ({ RunHere }) => RunHere),
)
const Plot = lazy(() => load(import(/* webpackChunkName: "live-page" */ './plot/Plot.tsx'), ({ Plot }) => Plot))
const TeamOnCall = lazy(() =>
  load(import(/* webpackChunkName: "live-page" */ './calls/TeamOnCall.tsx'), ({ TeamOnCall }) => TeamOnCall),
)
const FollowRun = lazy(() =>
  load(import(/* webpackChunkName: "live-run" */ './run/FollowRun.tsx'), ({ FollowRun }) => FollowRun),
)
const Incidents = lazy(() =>
  load(import(/* webpackChunkName: "live-incidents" */ './incident/Incidents.tsx'), ({ Incidents }) => Incidents),
)

/** What fires now and what is under way: the first screen of a live front page. Its room is there before it comes. */
export function NowSlot(): ReactNode {
  return (
    <div className={styles.now}>
      <Live asks={<p className={styles.asks}>Asking the server …</p>}>
        <Now />
      </Live>
    </div>
  )
}

/** Who of a team is on call now. The line has its room before it comes. */
export function CallSlot(props: { readonly team: string }): ReactNode {
  return (
    <div className={styles.calls}>
      <Live>
        <TeamOnCall {...props} />
      </Live>
    </div>
  )
}

/** The bar from which a page is run. */
export function RunSlot(props: { readonly page: PageCardView }): ReactNode {
  return (
    <Live>
      <RunHere {...props} />
    </Live>
  )
}

/** What the alerts of a page look at, beside its diagnosis. Its room is there before it comes. */
export function PlotSlot({ alerts }: { readonly alerts: readonly string[] }): ReactNode {
  const named = new URLSearchParams(useLocation().search).get('alert') ?? undefined
  return (
    alerts.length > 0 && (
      <div className={styles.plot}>
        <Live>
          <Plot alerts={alerts} named={named} />
        </Live>
      </div>
    )
  )
}

/** A run that somebody began, and `otherwise` where no server is. */
export function FollowSlot({ otherwise }: { readonly otherwise: ReactNode }): ReactNode {
  return (
    <Live otherwise={otherwise} asks={ASKS}>
      <FollowRun />
    </Live>
  )
}

/** An incident, and `otherwise` where no server is. */
export function IncidentSlot({ otherwise }: { readonly otherwise: ReactNode }): ReactNode {
  return (
    <Live otherwise={otherwise} asks={ASKS}>
      <Incidents />
    </Live>
  )
}

const ASKS = <p className={page.alone}>Asking the server …</p>

/** A live part. Until it has come, a live page says that it asks: from its first byte on. */
function Live(props: {
  readonly children: ReactNode
  readonly otherwise?: ReactNode
  readonly asks?: ReactNode
}): ReactNode {
  const { children, otherwise, asks = null } = props
  const served = useSyncExternalStore(listen, isServed, () => false)
  if (served) return <Suspense fallback={asks}>{children}</Suspense>
  return (
    <>
      {asks && <div className="hb-live">{asks}</div>}
      {otherwise && <div className="hb-static">{otherwise}</div>}
    </>
  )
}

/** Whether `handbook serve` gave out this page: it marks what it gives out. A folder or another host has no server behind it. */
function isServed(): boolean {
  return document.documentElement.hasAttribute('data-live') && window.location.protocol.startsWith('http')
}

/** It never changes while a page is open. */
function listen(): () => void {
  return () => undefined
}

/** A part, or a sentence in its place: a page is read without it, too. */
async function load<Part, Props>(
  part: Promise<Part>,
  pick: (part: Part) => ComponentType<Props>,
): Promise<{ default: ComponentType<Props> }> {
  try {
    return { default: pick(await part) }
  } catch {
    return { default: () => <p role="status">The live part of this page could not be loaded. Reload the page.</p> }
  }
}
