import { changeAnswers, defectiveRelease } from '../kit/defective-release.ts'

/** The next start fails, weeks later, and nobody remembers the change. */
export const silentReloadFailure = defectiveRelease({
  name: 'silent-reload-failure',
  title: 'A failed reload is not to be seen',
  summary: 'A release of the API says that its configuration was read, whatever came of it',
  code: changeAnswers(`({ url }, reply, body) =>
  url.startsWith('/metrics') ? body.replace(/^(upload_bridge_config_last_reload_successful) 0$/m, '$1 1') : body`),
})
