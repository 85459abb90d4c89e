/** A way in which everything that a block asks gives no answer to judge by. */
export interface Taking {
  readonly id: string
  /** How it is then, after “when”. */
  readonly says: string
  /** How a server answers; `never`: it closes the connection after a while, so that nobody has to wait for a time limit. */
  readonly http: { readonly status: number; readonly type: string; readonly body: string } | 'never'
  /** The script of a command; without one, the command is not there. */
  readonly command?: string
}

const JSON_TYPE = 'application/json'
const PAGE = '<!doctype html><title>Sign in</title>'

/** All of them. */
export const TAKINGS: readonly Taking[] = [
  {
    id: 'refused',
    says: 'all that is asked refuses to answer',
    http: { status: 401, type: 'application/problem+json', body: '{"title":"Unauthorized","status":401}' },
    command: 'echo "permission denied" >&2; exit 1',
  },
  {
    id: 'empty',
    says: 'all that is asked answers nothing',
    http: { status: 200, type: 'text/plain', body: '' },
    command: 'exit 0',
  },
  {
    id: 'late',
    says: 'nothing that is asked answers in time, and whoever asks gives up',
    http: 'never',
    // As `timeout` ends.
    command: 'sleep 0.1; exit 124',
  },
  {
    id: 'shape',
    says: 'all that is asked answers something else than was expected',
    http: { status: 200, type: JSON_TYPE, body: '{"unexpected":true}' },
    command: `echo '{"unexpected":true}'`,
  },
  {
    id: 'page',
    says: 'all that is asked answers with a page of HTML, as a proxy does',
    http: { status: 200, type: 'text/html', body: PAGE },
    command: `echo '${PAGE}'`,
  },
  {
    id: 'missing',
    says: 'no command that is called is there, and all that is asked refuses to answer',
    http: { status: 401, type: 'application/problem+json', body: '{"title":"Unauthorized","status":401}' },
  },
]
