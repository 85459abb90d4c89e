/** A passage of 4 kB with everything in it that is quoted somewhere. */
const LONG = Array.from({ length: 128 }, (_, index) => `${index.toString(36)}k>?/+&"'\\$ é${index * 7919}`)
  .join('')
  .slice(0, 4096)

/** Twenty secrets: ordinary ones, and those that are hard to recognize in print. */
export const AWKWARD_SECRETS: Readonly<Record<string, string>> = {
  ordinary: 'correct-horse-battery-staple',
  'with everything': 'p@ss>>>>???? "wörd"/+ 42!',
  'four characters': 'x7Qz',
  'four digits': '8841',
  'single quotes': "it's 'quoted' isn't it",
  'double quotes': 'say "no" and ""twice""',
  backslashes: 'C:\\dir\\new\\\\table\\',
  dollars: 'pa$$word$HOME${x}`id`$(id)',
  spaces: '  two  and   three spaces ',
  unicode: 'пароль-日本語-ñandú',
  emoji: 'key🔑and👩‍🚀end',
  'a line end': 'first half\nsecond half',
  'a private key': `-----BEGIN PRIVATE KEY-----\n${Buffer.from('a key that is not one, but as long as one is, so that it has lines').toString('base64').replace(/.{32}/g, '$&\n')}\n-----END PRIVATE KEY-----`,
  'windows line ends': 'one line\r\nanother\r\nthird',
  'tabs and control characters': 'tab\there\x01bell\x07esc',
  markup: '<b>&amp;</b>&lt;"x"&#39;',
  'url characters': 'user:pass@host:80/path?a=b&c=d%20e#f+g',
  'all the same': 'aaaaaaaaaaaa',
  json: '{"private":"k\\"ey","n":[1,2]}',
  long: LONG,
}
