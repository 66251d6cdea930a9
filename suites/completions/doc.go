// Package completions proves section 17.1.2, "Running a task multiple times": what completions and parallelism make a Job
// do, row by row of Table 17.1, what the Job generate-responses does with the quiz application's database and what kubectl
// shows of it, and how high the two values may be.
//
// The tasks wait at a gate (fixtures/jobs), so a spec decides which of them ends when: what is shown here does not depend
// on how fast the machine is.
package completions
