package sharing

import (
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/images"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("Records that one Job writes and another reads", func() {
	It("are the same in every format, and take less room as Parquet or Avro than as CSV or JSON",
		scenario.Claims("J-027"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			s.Needs(images.Dataset)
			s.Apply(ctx, "formats.write.yaml")
			writer := s.Job("formats-write")
			writer.Reach(ctx, expect.Condition(batchv1.JobComplete))
			s.Apply(ctx, "formats.read.yaml")
			reader := s.Job("formats-read")
			reader.Await(ctx, "J-027", expect.Condition(batchv1.JobComplete))

			found := map[string]string{}
			for line := range strings.Lines(wordsOf(reader)["read"]) {
				format, records, _ := strings.Cut(strings.TrimSpace(line), " ")
				found[format] = records
			}
			s.Prove("J-027", found["csv"], HavePrefix("rows=20000 "))
			for _, format := range []string{"json", "parquet", "avro"} {
				s.Prove("J-027", found[format], Equal(found["csv"]))
			}
			sizes, err := bytesOf(wordsOf(writer)["write"])
			Expect(err).NotTo(HaveOccurred())
			for _, small := range []string{"data.parquet", "data.avro"} {
				for _, large := range []string{"data.csv", "data.json"} {
					s.Prove("J-027", sizes[small], SatisfyAll(BeNumerically(">", 0), BeNumerically("<", sizes[large])))
				}
			}
		})
})

// bytesOf reads lines of the form "data.csv 897118".
func bytesOf(listing string) (map[string]int, error) {
	sizes := map[string]int{}
	for line := range strings.Lines(listing) {
		var name string
		var size int
		if _, err := fmt.Sscan(line, &name, &size); err != nil {
			return nil, fmt.Errorf("%q is not a name and a number of bytes: %w", line, err)
		}
		sizes[name] = size
	}
	return sizes, nil
}
