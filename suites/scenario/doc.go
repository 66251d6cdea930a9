// Package scenario runs one documented manifest in a namespace of its own and asks whether a document's claims about it
// are true.
//
// A spec names its claims, applies a manifest, waits for what must come true and asks the history the rest:
//
//	It("starts no pod until it is resumed", scenario.Claims("J-102", "J-104"), func(ctx SpecContext) {
//		s := scenario.Apply(ctx, "job.demo-suspend.yaml")
//		job := s.Job("demo-suspend")
//		job.Await(ctx, "J-102", expect.Condition(batchv1.JobSuspended))
//		job.Prove("J-104", expect.CreatedPods(0))
//	})
//
// Waits listen to the recorder; nothing here polls or sleeps. When a spec ends its verdicts are settled without its doing:
// the recorder is stopped, the namespace deleted, the result written, and the spec failed unless all its claims were
// proven.
package scenario
