using CsCheck;
using GenAI.Core.Verification;

namespace GenAI.Core.Tests.Verification;

public class ClaimCalibrationTests
{
    [Fact]
    public void The_threshold_is_the_lowest_that_keeps_the_target() =>
        Gen.Select(Gen.Int[0, 20], Gen.Double[0, 1]).Array[1, 400].Holds(100, values =>
        {
            LabelledClaim[] claims = [.. values.Select(value => new LabelledClaim(value.Item1 / 20.0, value.Item2 < 0.5 + value.Item1 / 40.0))];
            var fit = ClaimCalibration.Fit(claims, 0.2, 0.9);

            // Brute force: every score as a threshold, its bound by summing binomial probabilities on a grid of rates.
            var lowest = claims.Select(claim => claim.Score).Distinct().Where(threshold =>
            {
                var accepted = claims.Where(claim => claim.Score >= threshold).ToArray();
                return Tail(accepted.Count(claim => !claim.IsSupported), accepted.Length, 0.2) <= 0.1;
            }).DefaultIfEmpty(double.PositiveInfinity).Min();

            fit.Threshold.Should().Be(lowest);
            fit.Accepted.Should().Be(claims.Count(claim => claim.Score >= lowest));
            fit.Coverage.Should().Be((double)fit.Accepted / claims.Length);
            (fit.ErrorRate <= fit.ErrorBound || !fit.IsReached).Should().BeTrue();
        });

    [Fact]
    public void The_bound_is_that_of_Clopper_and_Pearson()
    {
        // 0 errors of 30: 1 - 0.1^(1/30).
        var fit = ClaimCalibration.Fit(Enumerable.Repeat(new LabelledClaim(0.7, true), 30), 0.1);

        fit.ErrorBound.Should().BeApproximately(1 - Math.Pow(0.1, 1.0 / 30), 1e-9);
        (fit.Threshold, fit.Coverage, fit.Recall, fit.IsReached).Should().Be((0.7, 1.0, 1.0, true));
    }

    [Fact]
    public void A_target_that_is_out_of_reach_is_said_to_be()
    {
        var fit = ClaimCalibration.Fit([new(0.9, false), new(0.8, true)], 0.01);

        (fit.IsReached, fit.Coverage, fit.ErrorRate).Should().Be((false, 0.0, 0.0));
    }

    [Fact]
    public void Mistakes_are_refused()
    {
        ((Action)(() => ClaimCalibration.Fit([], 0.1))).Should().Throw<ArgumentException>().WithMessage("*no labelled claims*");
        ((Action)(() => ClaimCalibration.Fit([new(double.NaN, true)], 0.1))).Should().Throw<ArgumentException>().WithMessage("*NaN is no share*");
        ((Action)(() => ClaimCalibration.Fit([new(1, true)], 0))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => ClaimCalibration.Fit([new(1, true)], 0.1, 1))).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static double Tail(int errors, int trials, double rate)
    {
        double sum = 0, term = Math.Pow(1 - rate, trials);
        for (var i = 0; i <= errors; i++)
        {
            sum += term;
            term *= (double)(trials - i) / (i + 1) * rate / (1 - rate);
        }

        return sum;
    }
}
