/** A training that never ran: events with a loss that falls as a real one does. */

import type { RunPreview, TrainEvent } from "..";
import { randomNumbers } from "./random";

const CHECKS_PER_EPOCH = 3;
const PATIENCE = 6;

/** Returns every event of a training, from `started` to `finished`. The same seed gives the same curve. */
export function trainingEvents(plan: RunPreview, nLabels: number, seed: number): TrainEvent[] {
  const random = randomNumbers(seed);
  const noise = (size: number) => size * (random() + random() + random() - 1.5);
  const stepsPerEpoch = plan.nSteps / plan.nEpochs;
  const checkEvery = Math.max(1, Math.round(stepsPerEpoch / CHECKS_PER_EPOCH));
  const examplesPerSecond = 26;
  const secondsPerStep = plan.batchSize / examplesPerSecond;
  const events: TrainEvent[] = [started(plan)];
  let [best, bestStep, checksSinceBest] = [0, 0, 0];
  let step = 0;

  while (step < plan.nSteps && checksSinceBest < PATIENCE) {
    step += 1;
    const fall = Math.exp(-step / (plan.nSteps / 7));
    const loss = Math.log(nLabels) * fall + 0.07 + noise(0.3 * fall + 0.09);
    events.push({
      kind: "step",
      step,
      epoch: step / stepsPerEpoch,
      loss: Math.max(0.01, loss),
      learningRate: learningRate(step, plan),
      gradientNorm: 0.6 + 4 * fall + Math.abs(noise(0.5)),
      examplesPerSecond: examplesPerSecond + noise(3),
      secondsLeft: (plan.nSteps - step) * secondsPerStep,
    });
    if (step % checkEvery === 0 || step === plan.nSteps) {
      const rise = 1 - Math.exp(-step / (plan.nSteps / 8));
      const macroF1 = Math.min(0.99, 0.12 + 0.81 * rise + noise(0.022));
      const isBest = macroF1 > best;
      // The valid loss turns up again late, when the model begins to learn the texts by heart.
      const validLoss = Math.log(nLabels) * (1 - rise) + 0.22 + 0.14 * (step / plan.nSteps) ** 2 + noise(0.02);
      events.push({
        kind: "validated",
        step,
        epoch: step / stepsPerEpoch,
        loss: validLoss,
        accuracy: Math.min(0.995, macroF1 + 0.008),
        macroF1,
        isBest,
      });
      checksSinceBest = isBest ? 0 : checksSinceBest + 1;
      if (isBest) {
        [best, bestStep] = [macroF1, step];
      }
    }
  }

  if (step < plan.nSteps) {
    const reason = `The last ${PATIENCE} checks were not better than the one at step ${bestStep}.`;
    events.push({ kind: "stoppedEarly", step, reason, nChecks: PATIENCE, bestStep });
  }
  events.push({ kind: "testing", nTest: plan.nTest });
  events.push({ kind: "finished", step, seconds: step * secondsPerStep, bestStep, stopped: false });
  return events;
}

function started(plan: RunPreview): TrainEvent {
  return {
    kind: "started",
    nTrain: plan.nTrain,
    nValid: plan.nValid,
    nTest: plan.nTest,
    nSteps: plan.nSteps,
    nEpochs: plan.nEpochs,
    nParameters: 22_713_216,
    nTrainedParameters: 13_102_470,
    device: plan.device,
    deviceReason: plan.deviceReason,
    deviceWhy: plan.deviceWhy,
    microBatchSize: plan.batchSize,
  };
}

/** Linear warm-up over a tenth of the steps, then a straight line to zero. */
function learningRate(step: number, plan: RunPreview): number {
  const warmup = Math.max(1, Math.round(plan.nSteps * 0.1));
  const share = step <= warmup ? step / warmup : (plan.nSteps - step) / (plan.nSteps - warmup);
  return plan.learningRate * share;
}
