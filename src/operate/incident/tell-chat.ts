import type { Handbook } from '../../environments/index.ts'
import { type Actor, foldIncident, type IncidentEvent, type IncidentState, type RunStore } from '../../journal/index.ts'
import type { Variables } from '../ports.ts'

/** What a chat may hear of an incident, and nothing else: no label, no output, no file, and no step's name is among it. */
export interface ChatMessage {
  readonly event: 'declared' | 'described' | 'commander' | 'word' | 'closed'
  readonly incident: string
  readonly environment: string
  /** ISO 8601, UTC, as are the others. */
  readonly declared: string
  readonly severity?: string
  readonly sees?: string
  readonly commander?: string
  readonly word?: string
  readonly due?: string
  /** The address at which it is worked, where there is one. */
  readonly link?: string
}

/** Milliseconds that a chat may take. */
const PATIENCE = 10_000

/** What is needed to tell a chat. */
export interface ChatPorts {
  readonly handbook: Handbook | undefined
  readonly env: Variables
  readonly by: Actor
  /** The server's address, where one is. */
  readonly url?: string | undefined
}

/**
 * Tells the chat that `notify` of `handbook.yaml` names of an event, and writes down that it was told, or why it was not. Most events are told to
 * nobody. Never rejects: what a chat does not hear is on the incident's page.
 */
export async function tellChat(store: RunStore, event: IncidentEvent, ports: ChatPorts): Promise<void> {
  const chat = ports.handbook?.file.notify?.chat
  if (!chat) return
  const state = foldIncident((await store.incidents.read(event.incident))?.events ?? [])
  const message = state && describe(event, state, ports.url)
  if (!message) return
  const url = ports.env[chat.variable]
  const told =
    url === undefined || url === ''
      ? { host: chat.variable, why: `the variable ${chat.variable} is not set` }
      : await post(url, chat.form === 'slack' ? { text: sayInChat(message) } : message)
  const fact = { type: 'chat.told', of: event.seq, ...told } as const
  await store.incidents.add(event.incident, { fact, by: ports.by, key: `chat ${event.seq}` }).catch(() => undefined)
}

/** What is told of an event; nothing of one that is nobody else's matter. */
export function describe(event: IncidentEvent, state: IncidentState, url?: string): ChatMessage | undefined {
  const what = nameEvent(event)
  if (what === undefined) return undefined
  const { id, environment, declared, severity, sees, roles, due } = state
  return {
    event: what,
    incident: id,
    environment,
    declared,
    ...(severity === undefined ? {} : { severity }),
    ...(sees === undefined ? {} : { sees }),
    ...(roles.commander === undefined ? {} : { commander: roles.commander }),
    ...(event.type === 'word.given' ? { word: event.text } : {}),
    ...(due === undefined ? {} : { due }),
    ...(url === undefined ? {} : { link: `${url.replace(/\/$/, '')}/incidents?incident=${id}` }),
  }
}

function nameEvent(event: IncidentEvent): ChatMessage['event'] | undefined {
  switch (event.type) {
    case 'incident.declared':
      return 'declared'
    case 'incident.described':
      return 'described'
    case 'role.accepted':
      return event.role === 'commander' ? 'commander' : undefined
    case 'word.given':
      return 'word'
    case 'incident.closed':
      return 'closed'
    default:
      return undefined
  }
}

const BEGINNINGS = {
  declared: 'Incident declared',
  described: 'Incident',
  commander: 'New commander',
  word: 'Update',
  closed: 'Incident closed',
} as const

/** A message in a line. What people typed addresses nobody and links nowhere: those characters have a meaning in chats. */
export function sayInChat(message: ChatMessage): string {
  const { event, environment, severity, sees, commander, word, due, link, incident } = message
  const parts = [
    `${BEGINNINGS[event]} in ${environment}${severity === undefined ? '' : `, ${severity}`}`,
    ...(word === undefined ? [] : [word]),
    ...(sees === undefined ? [] : [`Customers see: ${sees}`]),
    ...(commander === undefined ? [] : [`Commander: ${commander}`]),
    ...(due === undefined ? [] : [`Next word: ${due.slice(11, 16)} UTC`]),
  ]
  const text = parts.map(part => part.replace(/\s+/g, ' ').replace(/[.\s]+$/, '')).join('. ')
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return `${escaped}. ${link ?? incident}`
}

/** The URL holds a secret, so that only its host is named. */
async function post(url: string, body: object): Promise<{ readonly host: string; readonly why?: string }> {
  if (!URL.canParse(url) || !/^https?:/.test(url)) return { host: 'the chat', why: 'its address is no URL' }
  const { host } = new URL(url)
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    })
    await answer.body?.cancel()
    return answer.ok ? { host } : { host, why: `${host} answered ${answer.status}` }
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError'
    return { host, why: `${host} ${late ? 'did not answer in time' : 'does not answer'}` }
  }
}
