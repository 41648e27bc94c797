//! AdamW (Loshchilov and Hutter 2019) with clipping by the global norm.
//!
//! burn's own clipping takes the norm of each parameter by itself; `transformers` clips by the norm
//! of all gradients together (Pascanu et al. 2013), and so do we. Biases, layer norms and embeddings
//! have no weight decay.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

use crate::kernel::{self, AdamWStep, Weights};

/// The constants of AdamW.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct AdamWConfig {
    /// Decay of the first moment, `0.0..1.0`.
    pub(crate) beta1: f64,
    /// Decay of the second moment, `0.0..1.0`.
    pub(crate) beta2: f64,
    /// Added to the root of the second moment, above 0.
    pub(crate) epsilon: f64,
    /// Decoupled weight decay per unit of learning rate, 0 or more.
    pub(crate) weight_decay: f64,
    /// Largest norm of all gradients together, above 0.
    pub(crate) clip_norm: f64,
    /// How many times larger the learning rate of the head is, 1 or more.
    pub(crate) head_factor: f64,
}

/// A tensor of the shape of each parameter, by parameter.
type Moments = GradientsParams;

/// AdamW and its moments.
pub(crate) struct AdamW {
    config: AdamWConfig,
    n_moves: i32,
    first: Moments,
    second: Moments,
}

/// What AdamW remembers of a parameter's gradients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Their moving mean.
    First,
    /// The moving mean of their squares.
    Second,
}

impl Moment {
    /// Both.
    pub(crate) const BOTH: [Moment; 2] = [Moment::First, Moment::Second];

    /// Its name in a checkpoint.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
        }
    }
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum StepTaken {
    /// The parameters moved; the norm of the gradient before clipping, where it is known at once.
    Moved(Option<f64>),
    /// The gradient had infinite or undefined elements; nothing was changed.
    Skipped,
}

impl AdamW {
    /// An optimizer that has not moved yet.
    pub(crate) fn new(config: AdamWConfig) -> Self {
        Self {
            config,
            n_moves: 0,
            first: Moments::new(),
            second: Moments::new(),
        }
    }

    /// Steps that moved the parameters.
    pub(crate) fn n_moves(&self) -> i32 {
        self.n_moves
    }

    /// Takes over the number of steps of a checkpoint.
    pub(crate) fn set_n_moves(&mut self, n_moves: i32) {
        self.n_moves = n_moves;
    }

    /// A moment of the parameter `id`, of the parameter's shape; `None` before its first gradient.
    pub(crate) fn moment<const D: usize>(&self, moment: Moment, id: ParamId) -> Option<Tensor<D>> {
        match moment {
            Moment::First => self.first.get::<D>(id),
            Moment::Second => self.second.get::<D>(id),
        }
    }

    /// Takes over a moment of a checkpoint.
    pub(crate) fn set_moment<const D: usize>(
        &mut self,
        moment: Moment,
        id: ParamId,
        tensor: Tensor<D>,
    ) {
        match moment {
            Moment::First => self.first.register(id, tensor),
            Moment::Second => self.second.register(id, tensor),
        }
    }

    /// Moves the parameters of `module` against `gradients`.
    pub(crate) fn step<M: Module>(
        &mut self,
        module: M,
        gradients: GradientsParams,
        learning_rate: f64,
    ) -> (M, StepTaken) {
        let squares = global_squares(&module, &gradients);
        let norm = squares.known.map(f64::sqrt);
        if norm.is_some_and(|norm| !norm.is_finite()) {
            return (module, StepTaken::Skipped);
        }
        self.n_moves += 1;
        let config = self.config;
        let gradient_scale = norm.map_or(1.0, |norm| (config.clip_norm / (norm + 1e-6)).min(1.0));
        let step = AdamWStep {
            learning_rate: learning_rate as f32,
            gradient_scale: gradient_scale as f32,
            beta1: config.beta1 as f32,
            beta2: config.beta2 as f32,
            epsilon: config.epsilon as f32,
            correction1: (1.0 - config.beta1.powi(self.n_moves)) as f32,
            correction2: (1.0 - config.beta2.powi(self.n_moves)).sqrt() as f32,
            weight_decay: config.weight_decay as f32,
        };
        let device_scale = squares.on_device.map(|squares| {
            (squares.sqrt() + 1e-6)
                .recip()
                .mul_scalar(config.clip_norm)
                .clamp_max(1.0)
        });
        let mut mapper = StepMapper {
            optimizer: self,
            gradients,
            step,
            device_scale,
            path: Vec::new(),
        };
        (module.map(&mut mapper), StepTaken::Moved(norm))
    }
}

/// Sum of the squares of all gradients: a number on the CPU, one element elsewhere, so that the host
/// doesn't wait for the device.
#[derive(Default)]
struct GlobalSquares {
    known: Option<f64>,
    on_device: Option<Tensor<1>>,
}

fn global_squares<M: Module>(module: &M, gradients: &GradientsParams) -> GlobalSquares {
    let mut visitor = SquaresVisitor {
        gradients,
        squares: GlobalSquares::default(),
    };
    module.visit(&mut visitor);
    visitor.squares
}

struct SquaresVisitor<'a> {
    gradients: &'a GradientsParams,
    squares: GlobalSquares,
}

impl ModuleVisitor for SquaresVisitor<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let Some(gradient) = self.gradients.get::<D>(param.id) else {
            return;
        };
        let squares = &mut self.squares;
        if let Some(sum) = kernel::sum_of_squares(&gradient) {
            squares.known = Some(squares.known.unwrap_or(0.0) + sum);
            return;
        }
        let sum = kernel::sum_of_squares_on_device(gradient);
        squares.on_device = Some(match squares.on_device.take() {
            Some(others) => others + sum,
            None => sum,
        });
    }
}

struct StepMapper<'a> {
    optimizer: &'a mut AdamW,
    gradients: GradientsParams,
    step: AdamWStep,
    device_scale: Option<Tensor<1>>,
    path: Vec<String>,
}

impl StepMapper<'_> {
    /// The step for a parameter of `rank`. Weight decay holds back the matrices of linear layers alone.
    fn step_for(&self, rank: usize) -> AdamWStep {
        let mut step = self.step;
        let part = self.path.first().map(String::as_str);
        if rank == 1 || part == Some("embeddings") {
            step.weight_decay = 0.0;
        }
        if part == Some("head") {
            step.learning_rate *= self.optimizer.config.head_factor as f32;
        }
        step
    }
}

impl ModuleMapper for StepMapper<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, tensor, mapper) = param.consume();
        let Some(gradient) = self.gradients.remove::<D>(id) else {
            return Param::from_mapped_value(id, tensor, mapper);
        };
        let parameter = tensor.inner();
        let moment = |moments: &mut Moments| {
            moments
                .remove::<D>(id)
                .unwrap_or_else(|| Tensor::zeros(parameter.dims(), &parameter.device()))
        };
        let first = moment(&mut self.optimizer.first);
        let second = moment(&mut self.optimizer.second);
        let step = self.step_for(D);
        let weights = Weights {
            parameter,
            first,
            second,
        };
        let weights = kernel::adamw_step(weights, gradient, step, self.device_scale.as_ref());
        self.optimizer.first.register(id, weights.first);
        self.optimizer.second.register(id, weights.second);
        Param::from_mapped_value(
            id,
            Tensor::from_inner(weights.parameter).require_grad(),
            mapper,
        )
    }
}
