package suites_test

// Every section of the documents registers its specs by being imported.
import (
	_ "github.com/jobproof/jobproof/suites/cleanup"
	_ "github.com/jobproof/jobproof/suites/completions"
	_ "github.com/jobproof/jobproof/suites/deadlines"
	_ "github.com/jobproof/jobproof/suites/discovery"
	_ "github.com/jobproof/jobproof/suites/disruption"
	_ "github.com/jobproof/jobproof/suites/failures"
	_ "github.com/jobproof/jobproof/suites/indexed"
	_ "github.com/jobproof/jobproof/suites/lifecycle"
	_ "github.com/jobproof/jobproof/suites/queues"
	_ "github.com/jobproof/jobproof/suites/sharing"
	_ "github.com/jobproof/jobproof/suites/suspension"
)
