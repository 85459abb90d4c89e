import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { LabError, type LabStatus, type Settings } from '../../lab-port/index.ts'

/** How long the look may take, in milliseconds: a machine that is busy with other labs takes minutes. */
const PATIENCE = 300_000

/**
 * Reads what operators can set in a deployment: the release, each key of the configuration, the switches, the keys and blocks of clients,
 * held uploads, the indexes and roles of the database, the alert routes, the limit of the API's CPU, the certificate, and what lies beside the uploads.
 * Throws a `LabError` when a part of it cannot be read.
 */
export async function readSettings(status: LabStatus): Promise<Settings> {
  const { within = [], path, variables, target, processes } = status
  const facts = Object.entries(target).map(([name, value]) => [
    `TARGET_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`,
    String(value),
  ])
  const [file = 'bash', ...args] = [...within, 'bash', '-c', SCRIPT]
  const env = {
    ...process.env,
    ...variables,
    ...Object.fromEntries(facts),
    PATH: [...path, process.env.PATH ?? ''].join(':'),
    API_PID: String(processes.find(({ name }) => name === 'api')?.pid ?? ''),
  }
  const { stdout } = await promisify(execFile)(file, args, { env, timeout: PATIENCE }).catch(cause => {
    const why = cause.killed ? `it took more than ${PATIENCE / 1000} s` : `bash ended with ${cause.code}`
    throw new LabError('part-failed', `what is set in the lab could not be read: ${why}`, { cause })
  })
  const lines = stdout.split('\n').filter(Boolean)
  const unread = lines.filter(line => line.endsWith(UNREAD)).map(line => line.slice(0, -UNREAD.length))
  // What is not known has not come back.
  if (unread.length > 0)
    throw new LabError('part-failed', `of what is set in the lab this cannot be read: ${unread.join(', ')}`)
  return Object.fromEntries(lines.map(line => splitOnce(line)))
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf('=')
  return [line.slice(0, at), line.slice(at + 1)]
}

/** Behind the name of a part that cannot be read. */
const UNREAD = '=cannot be read'

/** Prints a line for each setting: its name, `=`, and its value. */
const SCRIPT = `
part() { local name=$1; shift; "$@" 2> /dev/null || echo "$name${UNREAD}"; }
set -o pipefail
hash() { [ -n "$2" ] && echo "$1=$(sha256sum < "$2")"; }
configuration() { bridgectl config show --json | jq -r '.keys[] | "\\(.key)=\\(.value | tojson)"'; }
keys() { bridgectl keys list --json | jq -r '.[] | select(.state == "good") | "key \\(.id)=\\(.role)"'; }
switches() {
  bridgectl status --json | jq -r '"deliveries paused=\\(.circuit.paused)"'
  bridgectl admission status --json | jq -r '"admission open=\\(.open)"'
}
database() {
  psql --no-psqlrc --tuples-only --no-align --field-separator== "$(cat "$TARGET_DATABASE_ADMINISTRATOR_FILE")" \\
    --command "select 'connections of role ' || rolname, rolconnlimit from pg_roles where rolname not like 'pg\\_%' order by 1"
}
# As the administrator, who is let in even when all connections are taken.
inside() {
  local url name administrator
  url=$(sed -n 's/^ *url: *//p' "$TARGET_CONFIG_PATH" | grep -m 1 ^postgres) || url=
  if [ -z "$url" ]; then url=$(cat "$(sed -n 's/^ *urlFile: *//p' "$TARGET_CONFIG_PATH" | head -n 1)"); fi
  name=\${url##*/}
  administrator=$(cat "$TARGET_DATABASE_ADMINISTRATOR_FILE")
  psql --no-psqlrc --tuples-only --no-align --field-separator== "\${administrator%/*}/\${name%%\\?*}" \\
    --command "select 'index ' || indexrelid::regclass, pg_get_indexdef(indexrelid) from pg_index join pg_class on pg_class.oid = indrelid
       where relnamespace in (select oid from pg_namespace where nspname in ('upload_bridge', 'graphile_worker')) order by 1" \\
    --command "select 'blocked ' || client, reason from upload_bridge.blocks where expires_at > now()" \\
    --command "select 'held ' || id, replace(reason, chr(10), ' ') from upload_bridge.uploads where state = 'held'"
}
cpu() {
  local group file
  group=$(sed -n 's/^[0-9]*:cpu\\(,cpuacct\\)*:/cpu/p; s/^0:://p' "/proc/$API_PID/cgroup" | head -n 1)
  for file in "/sys/fs/cgroup/$group/cpu.cfs_quota_us" "/sys/fs/cgroup/$group/cpu.max"; do
    if [ -e "$file" ]; then echo "CPU of the API=$(cat "$file")"; fi
  done
}
certificate() {
  local address=\${TARGET_URL#https://}
  openssl s_client -connect "\${address%%/*}" < /dev/null 2> /dev/null | openssl x509 -noout -fingerprint -sha256 |
    sed 's/.*Fingerprint=/certificate=/'
}
beside() { ls "$(dirname "$TARGET_STORAGE_PATH")" | sed 's/.*/beside the uploads: &=there/'; }
echo "release=$(readlink "$TARGET_RELEASES_PATH/current")"
part configuration configuration
part keys keys
part switches switches
part "roles of the database" database
part "indexes, blocks and held uploads" inside
part "alert routes" hash "alert routes" "\${TARGET_ALERTMANAGER_CONFIG_PATH:-/dev/null}"
if [ -n "$API_PID" ]; then part "CPU of the API" cpu; fi
case "$TARGET_URL" in https://*) part certificate certificate ;; esac
part "beside the uploads" beside
`
