import type { ReactNode } from 'react'
import type { IncidentView } from '../../../journal/index.ts'
import controls from '../press/controls.module.css'
import { FormButton } from '../press/FormButton.tsx'
import { ReasonButton } from '../press/ReasonButton.tsx'
import styles from './Incident.module.css'
import type { SendChange } from './IncidentScreen.tsx'

/** What is done with an incident, at the window's edge: it stays where it is, whatever happens above. */
export function IncidentBar(props: {
  readonly view: IncidentView
  readonly person: string
  readonly reads: boolean
  readonly shut: boolean
  readonly says: string
  readonly send: SendChange
  readonly draft: () => void
}): ReactNode {
  const { view, person, reads, shut, says, send, draft } = props
  const button = { className: controls.button, shut }
  const gone = { ...button, shut: shut || view.closed !== undefined }
  return (
    <section className={styles.bar} aria-label="What can be done">
      <p role="status">{says || (reads ? 'You may read, not write.' : '')}</p>
      <div className={styles.buttons}>
        <ReasonButton
          label="Note …"
          title="A line of the timeline"
          field="What happened, was seen or decided"
          send="Write it down"
          {...button}
          onSend={text => send({ do: 'note', text })}
        />
        <FormButton
          label="Word …"
          title="What was told outside"
          send="Write it down"
          {...gone}
          onSend={({ text, nextIn }) =>
            send({ do: 'word', text, ...(nextIn === undefined ? {} : { nextIn: Number(nextIn) }) })
          }
        >
          <p>The chat of this handbook hears the same, if it has one. No names of customers.</p>
          <label>
            What was told
            <textarea name="text" className={controls.field} rows={3} maxLength={2000} required />
          </label>
          <label>
            Minutes until the next word
            <input
              name="nextIn"
              className={controls.field}
              type="number"
              min={1}
              max={1440}
              placeholder="as the severity asks for"
            />
          </label>
        </FormButton>
        <FormButton
          label="Severity …"
          title="How bad it is, and what customers see"
          send="Say so"
          {...gone}
          onSend={fields => Object.keys(fields).length > 0 && send({ do: 'describe', ...fields })}
        >
          <label>
            Severity
            <select name="severity" className={controls.field} defaultValue={view.severity ?? ''}>
              {view.severity === undefined && <option value="">not said yet</option>}
              {['SEV1', 'SEV2', 'SEV3'].map(name => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          <label>
            What customers see, in a sentence
            <textarea name="sees" className={controls.field} rows={2} maxLength={2000} defaultValue={view.sees} />
          </label>
        </FormButton>
        <ReasonButton
          label="Ask …"
          title="A question that stays open until it is answered"
          field="Question"
          send="Ask it"
          {...gone}
          onSend={text => send({ do: 'ask', text })}
        />
        <FormButton
          label="Hand over …"
          title="Hand a role over"
          send="Hand it over"
          {...gone}
          onSend={({ role, to }) => send({ do: 'offer', role, to })}
        >
          <p>They have it once they accept it. Your own name, {person}, takes it at once.</p>
          <label>
            Role
            <select name="role" className={controls.field}>
              <option value="commander">commander: leads</option>
              <option value="acts">acts on the service</option>
              <option value="talks">talks to everybody outside</option>
            </select>
          </label>
          <label>
            To whom
            <input
              name="to"
              className={controls.field}
              required
              pattern="[\w.@+\-]+"
              autoCapitalize="none"
              spellCheck={false}
            />
          </label>
        </FormButton>
        {view.closed === undefined ? (
          <FormButton
            label="Close …"
            title="Close the incident?"
            send="Close it"
            {...gone}
            onSend={({ reason }) => send({ do: 'close', ...(reason === undefined ? {} : { reason }) })}
          >
            {view.unreverted.length > 0 && (
              <p>
                Unreverted: {view.unreverted.flatMap(({ changes }) => changes).join(', ')}. Roll it back first, or say
                why it stays.
              </p>
            )}
            <label>
              {view.unreverted.length > 0 ? 'Why it is closed all the same; this is recorded' : 'A word for the record'}
              <textarea
                name="reason"
                className={controls.field}
                rows={2}
                maxLength={2000}
                required={view.unreverted.length > 0}
              />
            </label>
          </FormButton>
        ) : (
          <button type="button" className={controls.button} aria-disabled={shut} onClick={shut ? undefined : draft}>
            Draft the postmortem
          </button>
        )}
      </div>
    </section>
  )
}
