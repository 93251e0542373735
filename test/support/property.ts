/**
 * fast-check with one seed for all properties, so that a test run that fails says something about the change before
 * it and fails again when repeated. Another series is asked for with `DSPC_SEED`.
 */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env.DSPC_SEED ?? 20_242) })

export default fc
