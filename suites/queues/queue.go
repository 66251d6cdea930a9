package queues

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/jobproof/jobproof/suites/quiz"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A work queue in the database", func() {
	It("is processed by one Job an item a pod, and by another until it is empty", scenario.Slow,
		scenario.Claims("J-263", "J-264", "J-265", "J-266", "J-268", "J-269", "J-270", "J-271", "J-272", "J-273", "J-274",
			"J-275", "J-276", "J-277", "J-278", "J-279", "J-280", "J-281", "J-282", "J-283", "J-284", "J-285", "J-286",
			"J-287", "J-288", "J-289", "J-290", "J-291", "J-292"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			db := quiz.Start(ctx, s)
			db.Seed(ctx, 2022)

			// The documents' command, but for its line breaks.
			printed := db.Eval(ctx, `db.monthsToProcess.insertMany([
				{_id: "2022-01", year: 2022, month: 1}, {_id: "2022-02", year: 2022, month: 2},
				{_id: "2022-03", year: 2022, month: 3}, {_id: "2022-04", year: 2022, month: 4},
				{_id: "2022-05", year: 2022, month: 5}, {_id: "2022-06", year: 2022, month: 6},
				{_id: "2022-07", year: 2022, month: 7}, {_id: "2022-08", year: 2022, month: 8},
				{_id: "2022-09", year: 2022, month: 9}, {_id: "2022-10", year: 2022, month: 10},
				{_id: "2022-11", year: 2022, month: 11}, {_id: "2022-12", year: 2022, month: 12}])`)
			s.Prove("J-268", printed, And(ContainSubstring("acknowledged: true"), ContainSubstring("'11': '2022-12'")))

			after := processCoarsely(ctx, s, db)
			askForThePrimary(ctx, s, after.Primary)
			processFinely(ctx, s, db)
			addAfterTheEnd(ctx, s, db)
		})
})
