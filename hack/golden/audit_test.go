package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestWritesOfOneNamespaceUntilItsEnd(t *testing.T) {
	end := time.Date(2026, 11, 21, 16, 0, 0, 0, time.UTC)
	line := func(namespace, name string, at time.Time) string {
		return fmt.Sprintf(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","stage":"ResponseComplete","verb":"delete",`+
			`"user":{"username":"u"},"objectRef":{"resource":"pods","namespace":%q,"name":%q,"apiVersion":"v1"},`+
			`"responseStatus":{"code":200},"requestReceivedTimestamp":%q}`+"\n",
			namespace, name, at.Format(metav1.RFC3339Micro))
	}
	path := filepath.Join(t.TempDir(), "audit.log")
	text := line("jp-a", "before", end.Add(-time.Second)) + line("jp-b", "jp-a", end.Add(-time.Second)) +
		line("jp-a", "at-the-end", end) + line("jp-a", "clearing-up", end.Add(time.Second))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	log, err := readAudit(path)
	if err != nil {
		t.Fatal(err)
	}
	writes, err := log.of("jp-a", end)
	if err != nil || len(writes) != 2 || writes[0].Name != "before" || writes[1].Name != "at-the-end" {
		t.Errorf("%+v, %v", writes, err)
	}
}
