package judge

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/verdict"
)

// File judges a sealed history file; the judgement has the SHA-256 of its bytes. It returns an error that names the line, and
// no judgement, if the file is not whole.
func File(path string) (verdict.Judgement, error) {
	sealed, err := os.ReadFile(path)
	if err != nil {
		return verdict.Judgement{}, fmt.Errorf("judge a history: %w", err)
	}
	judgement, err := Read(bytes.NewReader(sealed))
	if err != nil {
		return verdict.Judgement{}, fmt.Errorf("judge %s: %w", path, err)
	}
	sum := sha256.Sum256(sealed)
	judgement.SHA256 = hex.EncodeToString(sum[:])
	return judgement, nil
}

// Read judges a sealed history as it comes. It returns an error that names the line, and no judgement, if it is not whole.
func Read(r io.Reader) (verdict.Judgement, error) {
	reader, err := history.NewReader(r)
	if err != nil {
		return verdict.Judgement{}, err
	}
	defer reader.Close()
	j := New(reader.Header())
	if err := j.all(reader); err != nil {
		return verdict.Judgement{}, err
	}
	return j.End(reader.End()), nil
}

// all takes in every line of a history.
func (j *Judge) all(reader *history.Reader) error {
	for line, err := range reader.Lines() {
		if err != nil {
			return err
		}
		if err := j.Line(line); err != nil {
			return fmt.Errorf("line %d: %w", line.Number, err)
		}
	}
	return nil
}

// SoFar returns a Judge who has gone through a history that is still being recorded, up to now on the recorder's clock.
func SoFar(h *history.History, now time.Time) (*Judge, error) {
	j := New(h.Header)
	versions := h.Versions()
	for i := range versions {
		if err := j.Line(history.Line{Number: i + 2, Version: &versions[i]}); err != nil {
			return nil, err
		}
	}
	if now.After(j.world.Clock) {
		j.world.Clock = now
		j.waits.advance()
	}
	return j, nil
}
