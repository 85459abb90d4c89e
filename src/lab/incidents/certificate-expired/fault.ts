import { servedCertificate } from '../../kit/served-certificate.ts'

/** Nobody put the renewed certificate into its place in time. */
export const certificateExpired = servedCertificate({
  name: 'certificate-expired',
  title: 'The certificate has expired',
  summary: 'nginx serves a certificate that ended an hour ago, so no client trusts it; a renewed pair waits beside it',
  endsIn: -3600,
  renewed: 'beside',
})
