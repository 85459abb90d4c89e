import type { ReactNode } from 'react'
import { FormButton } from '../press/FormButton.tsx'
import type { Presses } from '../press/use-presses.ts'
import type { RunView } from './fold-messages.ts'
import { canResume, findHalf, listLeft } from './judge-take-up.ts'

/** What is done with a run that nobody carries on any more: it is resumed, or what it left is rolled back. */
export function TakeUp(props: {
  readonly run: string
  readonly view: RunView
  readonly presses: Presses
  readonly shut: boolean
  readonly className: string | undefined
  /** The run goes on: as this one, or as another one that rolls it back. */
  readonly onBegun: (run: string) => void
}): ReactNode {
  const { run, view, presses, shut, className, onBegun } = props
  const { state, seq } = view
  const half = findHalf(view)
  const left = listLeft(view)
  const press = async (what: 'resume' | 'roll-back', more: object = {}) => {
    const ask = { contentHash: state.contentHash, after: Math.max(1, seq), ...more }
    const begun = await presses.press<{ readonly run: string }>(`/api/runs/${encodeURIComponent(run)}/${what}`, ask)
    if (begun) onBegun(begun.run)
  }
  return (
    <>
      {canResume(view) && !half && (
        <FormButton
          label="Resume …"
          title="Resume this run?"
          send="Resume it"
          className={className}
          shut={shut}
          onSend={() => press('resume')}
        >
          <p>It goes on after the last step that ended. It asks before it changes anything.</p>
        </FormButton>
      )}
      {canResume(view) &&
        half &&
        (['repeat', 'skip'] as const).map(interrupted => (
          <FormButton
            key={interrupted}
            label={interrupted === 'repeat' ? 'Resume, repeat …' : 'Resume, skip …'}
            title={`“${half.title}” was interrupted`}
            send={interrupted === 'repeat' ? 'Run it again' : 'Continue after it'}
            className={className}
            shut={shut}
            onSend={() => press('resume', { interrupted })}
          >
            <p>
              It may be only partially done: look first.{' '}
              {interrupted === 'repeat'
                ? 'Run it again only if doing it twice does no harm.'
                : 'It is skipped, and still counts as done.'}
            </p>
          </FormButton>
        ))}
      {left.length > 0 && (
        <FormButton
          label="Roll back …"
          title="Roll back what it left?"
          send="Begin the roll back"
          className={className}
          shut={shut}
          onSend={() => press('roll-back')}
        >
          <p>In a run of its own, which asks before each step:</p>
          <ul>
            {left.map(({ id, title }) => (
              <li key={id}>{title}</li>
            ))}
          </ul>
        </FormButton>
      )}
    </>
  )
}
