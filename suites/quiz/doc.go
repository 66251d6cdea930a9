// Package quiz is the database of the quiz application, which many of the documents' Jobs write to and read from, started
// in a scenario's namespace:
//
//	s := scenario.Begin(ctx)
//	db := quiz.Start(ctx, s)
//	want := db.Seed(ctx, 2021)
//	s.Apply(ctx, "job.aggregate-responses-2021.yaml", quiz.Here(s))
//	s.Job("aggregate-responses-2021").Reach(ctx, expect.Condition(batchv1.JobComplete))
//	s.Prove("J-000", db.Statistics(ctx, 2021), Equal(want))
//
// What a container did is proven by what is in the database afterwards, not by what it logged. The database is named kiada
// and has four collections:
//
//	questions        {_id, text, answers, correctAnswer}                     quiz-init imports six
//	responses        {timestamp: Date, question: 1 to 6, correct: Boolean}   one each time that somebody answers
//	statistics       {_id: Date, totalCount, correctCount, incorrectCount}   one a day, whose midnight (UTC) is the _id
//	monthsToProcess  {_id: "2022-07", year: 2022, month: 7}                  a queue of work
package quiz
