using Imputation;

namespace Textbook;

/// <summary>Topics: how many documents have each, and how often each word occurs in them.</summary>
public sealed record Topics(double[] Weights, double[][] Words);

/// <summary>Documents by their counts of words, each of one topic: a multinomial mixture (Nigam, McCallum, Thrun and Mitchell
/// 2000).</summary>
/// <remarks>Which topic is which is anybody's choice: ends that differ only in the topics' order are one, so the topics are kept in the
/// order of their weights. The number of topics is that of the least BIC.</remarks>
public sealed class TopicMixture(int[][] documents, int topics) : IEmModel<Topics>
{
    private readonly int _words = documents[0].Length;

    public Topics Initialize(EmStart start)
    {
        var random = new Random(1000 + start.Index);
        double[] Guess() => Normalised([.. Enumerable.Range(0, topics).Select(_ => -Math.Log(random.NextDouble()))]);
        return Maximise([.. documents.Select(_ => Guess())]);
    }

    public EmStep<Topics> Step(Topics current, CancellationToken cancellation)
    {
        double logLikelihood = 0;
        double[][] logs = [.. current.Words.Select(w => Array.ConvertAll(w, p => Math.Log(Math.Max(p, 1e-300))))];
        var responsibilities = new double[documents.Length][];
        for (int d = 0; d < documents.Length; d++)
        {
            double[] log = new double[topics];
            for (int k = 0; k < topics; k++)
            {
                log[k] = Math.Log(Math.Max(current.Weights[k], 1e-300));
                for (int w = 0; w < _words; w++)
                    if (documents[d][w] > 0) log[k] += documents[d][w] * logs[k][w];
            }
            double largest = log.Max(), sum = log.Sum(l => Math.Exp(l - largest));
            logLikelihood += largest + Math.Log(sum);
            responsibilities[d] = Array.ConvertAll(log, l => Math.Exp(l - largest) / sum);
        }
        return new EmStep<Topics>(Maximise(responsibilities), logLikelihood, logLikelihood);
    }

    public double Distance(Topics from, Topics to) => Enumerable.Range(0, topics).Max(k => Math.Max(
        Math.Abs(to.Weights[k] - from.Weights[k]), Enumerable.Range(0, _words).Max(w => Math.Abs(to.Words[k][w] - from.Words[k][w]))));

    private Topics Maximise(double[][] responsibilities)
    {
        double[] weights = new double[topics];
        double[][] words = [.. Enumerable.Range(0, topics).Select(_ => new double[_words])];
        for (int d = 0; d < documents.Length; d++)
        {
            for (int k = 0; k < topics; k++)
            {
                weights[k] += responsibilities[d][k] / documents.Length;
                for (int w = 0; w < _words; w++) words[k][w] += responsibilities[d][k] * documents[d][w];
            }
        }
        int[] order = [.. Enumerable.Range(0, topics).OrderByDescending(k => weights[k])];
        return new Topics([.. order.Select(k => weights[k])], [.. order.Select(k => Normalised(words[k]))]);
    }

    private static double[] Normalised(double[] x)
    {
        double sum = x.Sum();
        return Array.ConvertAll(x, v => v / sum);
    }

    /// <summary>150 documents of 60 to 120 words out of 30, of three topics.</summary>
    public static int[][] Documents()
    {
        var random = new Random(7);
        double[][] topics = [.. Enumerable.Range(0, 3).Select(_ => Normalised([.. Enumerable.Range(0, 30)
            .Select(_ => Math.Pow(-Math.Log(random.NextDouble()), 2))]))];
        return [.. Enumerable.Range(0, 150).Select(_ =>
        {
            double u = random.NextDouble();
            double[] topic = topics[u < 0.5 ? 0 : u < 0.8 ? 1 : 2];
            var counts = new int[30];
            for (int n = random.Next(60, 121); n > 0; n--)
            {
                int word = 0;
                for (double v = random.NextDouble(); word < 29 && (v -= topic[word]) > 0;) word++;
                counts[word]++;
            }
            return counts;
        })];
    }

    public static EmFit<Topics> Fit(int[][] documents, int topics) => EmDriver.Fit(new TopicMixture(documents, topics),
        new EmOptions { Restarts = 20, Tolerance = 1e-8 });

    public static double Bic(EmFit<Topics> fit, int[][] documents) =>
        -2 * fit.LogLikelihood + (fit.Parameters.Weights.Length * documents[0].Length - 1) * Math.Log(documents.Length);

    public static void Show()
    {
        int[][] documents = Documents();
        foreach (int k in Enumerable.Range(1, 5))
        {
            EmFit<Topics> fit = Fit(documents, k);
            Console.WriteLine($"{k} topic{(k == 1 ? "" : "s")}: BIC {Bic(fit, documents):F1}, weights {string.Join(", ",
                fit.Parameters.Weights.Select(w => $"{w:F2}"))}");
        }
        Console.WriteLine("The documents have three.");
    }
}
