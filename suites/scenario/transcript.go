package scenario

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2"

	"github.com/jobproof/jobproof/reports/verdict"
)

// Transcripts is the folder of a run's folder that holds, for each spec that asked something else than the recorder, what
// it asked and what the answer was: commands in pods, kubectl, manifests that the API server was to refuse.
const Transcripts = "transcripts"

// note writes down what was asked and what came back. A transcript that cannot be written makes the evidence doubtful.
func (s *Scenario) note(asked, answer string, err error) {
	if err := s.append(entry(time.Now(), asked, answer, err)); err != nil {
		s.proof.void = append(s.proof.void, fmt.Sprintf("what was answered could not be written down: %v", err))
	}
}

// entry is the text of a question and its answer, as they would stand in a terminal.
func entry(at time.Time, asked, answer string, err error) string {
	text := fmt.Sprintf("# %s\n$ %s\n%s", at.UTC().Format("15:04:05.000"), asked, answer)
	if answer != "" && !strings.HasSuffix(answer, "\n") {
		text += "\n"
	}
	if err != nil {
		text += fmt.Sprintf("! %v\n", err)
	}
	return text + "\n"
}

func (s *Scenario) append(text string) error {
	path := transcriptOf(ginkgo.CurrentSpecReport())
	if err := os.MkdirAll(filepath.Join(s.run, Transcripts), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(s.run, path), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	s.transcript = path
	if _, err := file.WriteString(text); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// transcriptOf is where a spec's transcript is, relative to the run's folder.
func transcriptOf(spec ginkgo.SpecReport) string {
	return filepath.Join(Transcripts, verdict.Slug(spec.FullText())+".txt")
}
