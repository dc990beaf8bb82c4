using Imputation.Em.Acceleration;
using Imputation.Em.Certificate;

namespace Imputation.Tests.Em;

/// <summary>The analysis of a map's derivative and the extrapolation of its steps, on linear maps of known eigenvalues.</summary>
public class EmCurvatureTests
{
    private const int Count = 60;

    /// <summary>From 0 to 0.9, but for the last one.</summary>
    private static double[] Eigenvalues(double last) => [.. Enumerable.Range(0, Count - 1).Select(i => 0.9 * i / (Count - 2)), last];

    private static double[] Times(double[] eigenvalues, double[] x) => [.. x.Select((value, i) => value * eigenvalues[i])];

    /// <summary>As of a run that never moved along the last coordinate: exact symmetry keeps it from doing so.</summary>
    private static List<(double[] Way, double[] Image, double Distance)> Visited(double[] eigenvalues, int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            double Element(int i) => i == Count - 1 ? 0 : 1e-4 * Math.Pow(eigenvalues[i], 5) * (random.NextDouble() - 0.5);
            double[] way = [.. Enumerable.Range(0, Count).Select(Element)];
            return (way, Times(eigenvalues, way), 1e-4);
        })];
    }

    [Theory]
    [InlineData(0.97)]
    [InlineData(1)]
    [InlineData(1.05)]
    public void DirectionNeverVisited_IsFound(double last)
    {
        double[] eigenvalues = Eigenvalues(last);
        foreach (int visited in (int[])[0, 1, 12])
        {
            EmCurvature found = EmCurvature.Analyse(x => Times(eigenvalues, x), new double[Count], Visited(eigenvalues, visited))!;
            Assert.Equal(last, found.Rate, Math.Max(2e-6, 0.03 * Math.Abs(1 - last)));
            Assert.Equal((last > 1, last == 1), (found.IsSaddle, found.IsFlat));
            Assert.InRange(Math.Abs(found.Direction[^1]), 0.9, 1.001);
        }
    }

    /// <summary>What a run visited is known without measuring it again; 1 − rate within 3 %.</summary>
    [Fact]
    public void WhatARunVisited_SavesMeasurements()
    {
        double[] eigenvalues = Eigenvalues(0.98);
        int measured = 0;
        double[] Map(double[] x)
        {
            measured++;
            return Times(eigenvalues, x);
        }
        List<(double[] Way, double[] Image, double Distance)> visited = Visited(eigenvalues, 12);
        visited.Insert(0, ([.. Enumerable.Repeat(1e-5, Count)], Times(eigenvalues, [.. Enumerable.Repeat(1e-5, Count)]), 1e-5));
        EmCurvature alone = EmCurvature.Analyse(Map, new double[Count])!;
        int before = measured;
        measured = 0;
        EmCurvature knowing = EmCurvature.Analyse(Map, new double[Count], visited)!;
        Assert.InRange(measured, 1, before - 3);
        Assert.InRange((1 - knowing.Rate) / 0.02, 0.97, 1.03);
        Assert.InRange((1 - alone.Rate) / 0.02, 0.97, 1.03);
    }

    /// <summary>Plain iteration would take 1,400 steps at a rate of 0.99.</summary>
    [Fact]
    public void QuasiNewton_SolvesALinearMap_InFewSteps()
    {
        double[] eigenvalues = Eigenvalues(0.99), x = [.. Enumerable.Repeat(1.0, Count)];
        var steps = new QuasiNewton(Count);
        int taken = 0;
        while (x.Max(Math.Abs) > 1e-6 && taken < 1000)
        {
            double[] image = Times(eigenvalues, x);
            x = steps.Next(x, [.. image.Zip(x, (to, from) => to - from)]) ?? image;
            taken++;
        }
        Assert.InRange(taken, 1, 60);
    }
}
