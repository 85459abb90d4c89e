export { type ListedFault, listFaults } from './list-faults.ts'
export { hasLabSources, readKeptContent, readLabContent } from './read-lab-content.ts'
