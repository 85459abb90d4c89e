export { type ListedFault, listFaults } from './fault-files.ts'
export { hasLabSources, readKeptContent, readLabContent } from './read-lab-content.ts'
