package queues

import (
	"context"
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"

	"github.com/jobproof/jobproof/suites/quiz"
)

// item is a document of the queue.
type item struct {
	ID          string `json:"_id"`
	Year, Month int
}

// items are the queue's items of the months of 2022, as the documents insert them.
func items(from, to int) []item {
	var all []item
	for month := from; month <= to; month++ {
		all = append(all, item{ID: fmt.Sprintf("2022-%02d", month), Year: 2022, Month: month})
	}
	return all
}

// taking is an item that a pod took, and the month it was taken for; 0 as long as that is not counted.
type taking struct {
	ID    string `json:"_id"`
	Pod   string
	Month int
}

// days are the totals of days, by date.
type days map[string]quiz.Totals

// counted are the totals that there must be of months of a year.
func counted(year int, from, to time.Month) days {
	all := days{}
	for _, day := range quiz.Days(year) {
		if month := day.Date.Month(); month >= from && month <= to {
			all[day.Date.Format(time.DateOnly)] = day.Totals
		}
	}
	return all
}

// ledger is what the database has to do with the queue at one moment.
type ledger struct {
	Queue     []item
	Count     int // of documents in the queue, as countDocuments says
	Processed []taking
	Days      days
	Primary   string // the server's own word for the primary of its replica set; "" if it is in none
}

// read reads the ledger.
func read(ctx context.Context, db *quiz.Database) ledger {
	GinkgoHelper()
	var read ledger
	db.Read(ctx, `({
		queue: db.monthsToProcess.find().toArray(),
		count: db.monthsToProcess.countDocuments(),
		processed: db.processed.find().sort({_id: 1}).toArray(),
		days: Object.fromEntries(db.statistics.find().toArray().map(day => [day._id.toISOString().slice(0, 10), day])),
		primary: db.hello().primary || "",
	})`, &read)
	return read
}

// ids names the items that were taken.
func (l ledger) ids() []string {
	var ids []string
	for _, taking := range l.Processed {
		ids = append(ids, taking.ID)
	}
	return ids
}

// months tells for each item that was taken the month it was taken for.
func (l ledger) months() map[string]int {
	months := map[string]int{}
	for _, taking := range l.Processed {
		months[taking.ID] = taking.Month
	}
	return months
}

// by tells for each pod which items it took.
func (l ledger) by() map[string][]string {
	took := map[string][]string{}
	for _, taking := range l.Processed {
		took[taking.Pod] = append(took[taking.Pod], taking.ID)
	}
	return took
}
