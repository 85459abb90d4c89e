import { expect, it } from 'vitest'
import { canScriptFail } from '../../../src/lint/shell/can-fail.ts'

it.each([
  'true',
  'echo fine',
  'sleep 3; echo "$HOME"',
  'curl -sf "$TARGET_URL" || true',
  'curl -sf "$TARGET_URL" || echo "not yet"',
  'if curl -sf "$TARGET_URL"; then echo up; else echo down; fi',
  'if [ -f a ]; then echo a; elif [ -f b ]; then echo b; fi',
  'curl -sf "$TARGET_URL" > /dev/null 2>&1 || true',
  'echo "$(curl -sf "$TARGET_URL")"',
  'export X=$(curl -sf "$TARGET_URL")',
  'curl -sf "$TARGET_URL" &',
  'say() { echo "$1"; }\nsay fine',
  'while [ ! -f a ]; do sleep 1; done',
  'case $HOME in /root) echo root ;; *) echo other ;; esac',
  'set +x\nexit 0',
  'echo fine > /dev/null',
  '(echo a; echo b) | true',
])('%s always ends well', code => {
  expect(canScriptFail(code)).toBe(false)
})

it.each([
  'curl -sf "$TARGET_URL"',
  'curl -sf "$TARGET_URL" && echo fine',
  '[ -f a ]',
  '[[ $X == 1 ]]',
  '(( 3 > 4 ))',
  '! grep -q x file',
  'x=$(curl -sf "$TARGET_URL")\necho "$x"',
  'if [ -f a ]; then exit 1; fi',
  'if [ -f a ]; then echo a; else false; fi',
  'echo "${X:?is missing}"',
  ': "${X:?is missing}"',
  'echo fine > file',
  'curl -s "$TARGET_URL" | grep -q fine',
  'check() { grep -q x file; }\ncheck',
  'curl -sf "$TARGET_URL" || exit 1',
  'curl -sf "$TARGET_URL" || { echo no; exit 1; }',
  'for url in a b; do curl -sf "$url"; done',
  'case $HOME in /root) ;; *) exit 1 ;; esac',
  'hb skip "nothing to see"',
  'echo "a',
])('%s may end badly', code => {
  expect(canScriptFail(code)).toBe(true)
})
