/**
 * Prints `N passed, N failed` from vitest's JSON report: `node scripts/test-totals.js REPORT STATUS`.
 *
 * STATUS is the exit code of the steps around the tests; a step that failed counts as one failure when no test
 * did, so that the line never says that all is well when it is not.
 */
import { readFileSync } from 'node:fs'

const [report, status] = process.argv.slice(2)

function readTotals() {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
    // A file that cannot be loaded has no tests that could fail.
    const broken = testResults.filter(file => file.status === 'failed' && file.assertionResults.length === 0)
    return { passed: numPassedTests, failed: numFailedTests + broken.length }
  } catch {
    return { passed: 0, failed: 0 }
  }
}

const { passed, failed } = readTotals()
const total = failed === 0 && status !== '0' ? 1 : failed
console.log(`${passed} passed, ${total} failed`)
process.exitCode = total === 0 ? 0 : 1
