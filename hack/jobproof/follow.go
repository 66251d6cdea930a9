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
		for {
			select {
			case event, open := <-watcher.Events:
				if !open {
					return
				}
				r.tell(event)
			case err, open := <-watcher.Errors:
				if !open {
					return
				}
				r.say("a result may go unseen here, not in the table: %v", err)
			}
		}
	}()
	return f, nil
}

// tell prints the result that a file was just renamed to.
func (r *run) tell(event fsnotify.Event) {
	name := filepath.Base(event.Name)
	if !event.Has(fsnotify.Create) || strings.HasPrefix(name, ".") || name == verdict.PlannedFile {
		return
	}
	result, err := verdict.Read(event.Name)
	if err != nil {
		r.say("%v", err)
		return
	}
	r.say("%s", verdict.Line(result))
}

func (f *follower) stop() {
	f.watcher.Close()
	<-f.done
}
