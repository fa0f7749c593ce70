package train

import (
	"context"
	"fmt"
)

// epoch runs the remaining batches of the epoch, in the last one of a run that counts steps only those that are left. Prefetching does not stop with ctx: the loop does, at the end of a step.
func (t *Trainer) epoch(ctx context.Context) error {
	for b, err := range t.Train.Batches(context.WithoutCancel(ctx), t.state.Epoch, t.state.Batch) {
		if err != nil {
			return err
		}
		stepped, err := t.batch(b)
		if err != nil {
			return err
		}
		t.state.Batch++
		if !stepped {
			continue
		}
		if n := t.Config.CheckpointEvery; n > 0 && t.state.Step%n == 0 {
			if err := t.store.Wait(); err != nil {
				return err
			}
			if t.pending, err = t.snapshot(); err != nil {
				return err
			}
		}
		if ctx.Err() != nil {
			if err := t.store.Wait(); err != nil {
				return err
			}
			if err := t.save(LastFile); err != nil {
				return err
			}
			return fmt.Errorf("train: stopped after step %d: continue with --resume: %w", t.state.Step, context.Cause(ctx))
		}
		if t.state.Step >= t.total() {
			break
		}
	}
	return t.store.Wait()
}

// endEpoch validates, lets the plateau schedule and early stopping decide, moves on to the next epoch and keeps the checkpoints.
func (t *Trainer) endEpoch(ctx context.Context) error {
	loss := t.state.Sum / float64(min(t.samples, t.state.Batch*max(t.Train.Batch, 1)))
	metric := loss
	line := map[string]any{"step": t.state.Step, "epoch": t.state.Epoch, "train": loss}
	if t.Valid != nil {
		v, err := t.validate(ctx)
		if err != nil {
			return err
		}
		metric, line["valid"] = v, v
		if err := t.keepPending(); err != nil {
			return err
		}
	}
	if err := t.writeLog(line); err != nil {
		return err
	}
	better := t.state.Best == nil || metric < *t.state.Best
	if better {
		t.state.Best, t.state.Bad, t.state.PlateauBad = &metric, 0, 0
	} else {
		t.state.Bad++
		t.state.PlateauBad++
	}
	if s := t.Config.Schedule; s.Kind == "plateau" && t.state.PlateauBad >= s.Every {
		t.state.Decay, t.state.PlateauBad = t.state.Decay*s.Factor, 0
	}
	if n := t.Config.Patience; n > 0 && t.state.Bad >= n {
		t.state.Done = true
	}
	t.observe(Progress{Step: t.state.Step, Loss: loss, LR: t.rate(), Valid: metric, EpochEnd: true})
	t.state.Epoch++
	t.state.Batch, t.state.Sum = 0, 0
	if better {
		if err := t.save(BestFile); err != nil {
			return err
		}
	}
	if t.Config.CheckpointEvery == 0 || ctx.Err() != nil {
		if err := t.save(LastFile); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return fmt.Errorf("train: stopped after epoch %d: continue with --resume: %w", t.state.Epoch, context.Cause(ctx))
	}
	return nil
}
