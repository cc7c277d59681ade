package outbox

import (
	"time"

	"nguon/app/store"
)

// TaskIndex brings the search index in line with an object: "product:0193…".
const TaskIndex = "index"

// Reindex asks for that. Each asks anew, since what one performed may be older
// than what the next was posted for.
func Reindex(object string, now time.Time) Effect {
	return Effect{ID: TaskIndex + ":" + object + ":" + store.NewID(now), Task: &Task{Name: TaskIndex, Object: object}}
}
