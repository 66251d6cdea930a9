package quiz

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
)

// Totals are what an aggregation says of responses.
type Totals struct {
	Total     int `json:"totalCount"`
	Correct   int `json:"correctCount"`
	Incorrect int `json:"incorrectCount"`
}

func (t Totals) plus(other Totals) Totals {
	return Totals{t.Total + other.Total, t.Correct + other.Correct, t.Incorrect + other.Incorrect}
}

// Months are the totals of a year's months, January first.
type Months [12]Totals

// Day is a day with responses.
type Day struct {
	Date time.Time // its midnight, UTC
	Totals
}

// Days returns the days of a year that Seed makes responses of: the first, the fifteenth and the last of each month. The
// totals are those of no other month and the same in every year.
func Days(year int) []Day {
	var days []Day
	for month := time.January; month <= time.December; month++ {
		last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
		for i, day := range []int{1, 15, last} {
			correct, incorrect := int(month)+i, 2+i
			days = append(days, Day{
				Date:   time.Date(year, month, day, 0, 0, 0, 0, time.UTC),
				Totals: Totals{Total: correct + incorrect, Correct: correct, Incorrect: incorrect},
			})
		}
	}
	return days
}

// insert inserts the responses of given days: the first of a day at its first millisecond, all others at its last one, so
// that whoever confuses the ends of days or months finds too many or too few.
const insert = `const responses = [];
for (const [date, correct, incorrect] of %s) {
  for (let i = 0; i < correct + incorrect; i++) {
    const time = i == 0 ? "T00:00:00.000Z" : "T23:59:59.999Z";
    responses.push({timestamp: new Date(date + time), question: 1 + i %% 6, correct: i < correct});
  }
}
db.responses.insertMany(responses).acknowledged`

// Seed inserts the responses of a year's Days and returns the totals of each month, which an aggregation must find.
func (db *Database) Seed(ctx context.Context, year int) Months {
	ginkgo.GinkgoHelper()
	var months Months
	var rows [][]any
	for _, day := range Days(year) {
		month := &months[day.Date.Month()-1]
		*month = month.plus(day.Totals)
		rows = append(rows, []any{day.Date.Format(time.DateOnly), day.Correct, day.Incorrect})
	}
	text, err := json.Marshal(rows)
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	gomega.Expect(db.Eval(ctx, fmt.Sprintf(insert, text))).To(gomega.ContainSubstring("true"))
	return months
}

// statistic is a document of the collection statistics.
type statistic struct {
	ID struct {
		Date time.Time `json:"$date"`
	} `json:"_id"`
	Totals
}

// DailyStatistics returns what the collection statistics says of a year's days, the earliest first.
func (db *Database) DailyStatistics(ctx context.Context, year int) []Day {
	ginkgo.GinkgoHelper()
	var found []statistic
	db.Read(ctx, fmt.Sprintf(
		`db.statistics.find({_id: {$gte: ISODate("%d-01-01"), $lt: ISODate("%d-01-01")}}).sort({_id: 1}).toArray()`,
		year, year+1), &found)
	var days []Day
	for _, s := range found {
		days = append(days, Day{Date: s.ID.Date.UTC(), Totals: s.Totals})
	}
	return days
}

// Statistics returns what the collection statistics says of a year, month by month.
func (db *Database) Statistics(ctx context.Context, year int) Months {
	ginkgo.GinkgoHelper()
	var months Months
	for _, day := range db.DailyStatistics(ctx, year) {
		month := &months[day.Date.Month()-1]
		*month = month.plus(day.Totals)
	}
	return months
}
