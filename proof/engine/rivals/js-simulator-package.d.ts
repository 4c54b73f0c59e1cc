// The part of js-simulator 1 that the model uses; the package has no types of its own.

declare module "js-simulator" {
  class SimEvent {
    time: number;
    /** Called when the event is due. */
    update(deltaTime: number): void;
  }

  class Scheduler {
    readonly current_time: number;
    hasEvents(): boolean;
    scheduleOnceIn(event: SimEvent, deltaTime: number): void;
    /** Fires all that is due at the next moment. */
    update(): void;
  }

  const jssim: { readonly SimEvent: typeof SimEvent; readonly Scheduler: typeof Scheduler };
  export default jssim;
}
