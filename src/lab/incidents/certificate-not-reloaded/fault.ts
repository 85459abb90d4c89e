import { servedCertificate } from '../../kit/served-certificate.ts'

/** The certificate was renewed, and nobody told nginx. */
export const certificateNotReloaded = servedCertificate({
  name: 'certificate-not-reloaded',
  title: 'A renewed certificate is not served',
  summary:
    'The renewed certificate is in its place, but nginx was not reloaded and serves the old one, which has ended',
  endsIn: -3600,
  renewed: 'in place',
})
