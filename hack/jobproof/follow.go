package main

import (
	"path/filepath"
	"strings"

	"github.com/fsnotify/fsnotify"

	"github.com/jobproof/jobproof/reports/verdict"
)

// follower prints a line for each result as it is written.
type follower struct {
	watcher *fsnotify.Watcher
	done    chan struct{}
}

// follow begins to print results. It is told of new files by the kernel.
func (r *run) follow() (*follower, error) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	if err := watcher.Add(r.results()); err != nil {
		watcher.Close()
		return nil, err
	}
	f := &follower{watcher, make(chan struct{})}
	go func() {
		defer close(f.done)
		for event := range watcher.Events {
			name := filepath.Base(event.Name)
			if !event.Has(fsnotify.Create) || strings.HasPrefix(name, ".") || name == verdict.PlannedFile {
				continue
			}
			if result, err := verdict.Read(event.Name); err == nil {
				r.say("%s", verdict.Line(result))
			}
		}
	}()
	return f, nil
}

func (f *follower) stop() {
	f.watcher.Close()
	<-f.done
}
