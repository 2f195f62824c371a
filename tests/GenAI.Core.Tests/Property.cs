using CsCheck;

namespace GenAI.Core.Tests;

/// <summary>
/// Runs a law over generated values, the same ones in every run, so that a failure is never a matter of luck. Set
/// <c>GENAI_CORE_PROPERTY_ROUND</c> to a number to run it over others; a failure prints the seed that gives its value again.
/// </summary>
internal static class Property
{
    private const ulong Origin = 20240229;

    private static readonly uint Round = uint.Parse(Environment.GetEnvironmentVariable("GENAI_CORE_PROPERTY_ROUND") ?? "0", System.Globalization.CultureInfo.InvariantCulture);

    public static void Holds<T>(this Gen<T> gen, int values, Action<T> law)
    {
        for (var i = 0; i < values; i++)
            gen.Sample(law, seed: Seed(i, values), iter: 1, threads: 1);
    }

    public static void Holds<T1, T2>(this Gen<(T1, T2)> gen, int values, Action<T1, T2> law) => gen.Holds(values, value => law(value.Item1, value.Item2));

    public static void Holds<T1, T2, T3>(this Gen<(T1, T2, T3)> gen, int values, Action<T1, T2, T3> law) =>
        gen.Holds(values, value => law(value.Item1, value.Item2, value.Item3));

    public static void Holds<T1, T2, T3, T4>(this Gen<(T1, T2, T3, T4)> gen, int values, Action<T1, T2, T3, T4> law) =>
        gen.Holds(values, value => law(value.Item1, value.Item2, value.Item3, value.Item4));

    public static void Holds<T>(this Gen<T> gen, int values, Func<T, bool> law)
    {
        for (var i = 0; i < values; i++)
            gen.Sample(law, seed: Seed(i, values), iter: 1, threads: 1);
    }

    public static void Holds<T1, T2>(this Gen<(T1, T2)> gen, int values, Func<T1, T2, bool> law) => gen.Holds(values, value => law(value.Item1, value.Item2));

    public static void Holds<T1, T2, T3, T4>(this Gen<(T1, T2, T3, T4)> gen, int values, Func<T1, T2, T3, T4, bool> law) =>
        gen.Holds(values, value => law(value.Item1, value.Item2, value.Item3, value.Item4));

    public static Task HoldsAsync<T1, T2, T3>(this Gen<(T1, T2, T3)> gen, int values, Func<T1, T2, T3, Task> law) =>
        gen.HoldsAsync(values, value => law(value.Item1, value.Item2, value.Item3));

    public static async Task HoldsAsync<T>(this Gen<T> gen, int values, Func<T, Task> law)
    {
        for (var i = 0; i < values; i++)
            await gen.SampleAsync(law, seed: Seed(i, values), iter: 1, threads: 1);
    }

    private static string Seed(int value, int values) => new PCG(unchecked((uint)value + Round * (uint)values), Origin).ToString();
}
