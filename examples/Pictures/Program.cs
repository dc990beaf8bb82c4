using Pictures;

// dotnet run --project examples/Pictures [IN.ppm REGIONS] : segments a picture and fills its dead pixels (pure magenta). Without a picture
// one is drawn: sky, hills and water, with noise, a tenth of its pixels dead.
try
{
    Picture picture;
    int regions = 3;
    int[]? truth = null;
    Picture? clean = null;
    if (args.Length > 0)
    {
        picture = Picture.Read(args[0]);
        if (args.Length > 1 && !(int.TryParse(args[1], out regions) && regions is >= 1 and <= 20))
            throw new FormatException($"'{args[1]}' is no number of regions, expected 1 to 20.");
    }
    else
    {
        (picture, truth, clean) = Picture.Landscape(120, 80, noise: 25, dead: 0.1, seed: 1);
        picture.Write("landscape.ppm");
    }
    (int[] found, Picture restored, Imputation.NormalMixtureFit fit) = Segmentation.Of(picture, regions);
    restored.Write("restored.ppm");
    var map = new Picture(picture.Width, picture.Height);
    for (int p = 0; p < map.PixelCount; p++)
        for (int c = 0; c < 3; c++) map[p, c] = fit.Components[found[p]].Mean[1 + c];
    map.Write("regions.ppm");
    foreach (Imputation.MixtureComponent region in fit.Components) Console.WriteLine(region);
    if (truth is not null && clean is not null)
    {
        // A region found is the true one that most of its pixels belong to.
        int[] named = [.. Enumerable.Range(0, regions).Select(r => Enumerable.Range(0, 3).MaxBy(t =>
            Enumerable.Range(0, truth.Length).Count(p => found[p] == r && truth[p] == t)))];
        double right = Enumerable.Range(0, truth.Length).Count(p => named[found[p]] == truth[p]) / (double)truth.Length;
        double error = Math.Sqrt(Enumerable.Range(0, truth.Length).Where(p => double.IsNaN(picture[p, 0]))
            .Average(p => Math.Pow(restored[p, 0] - clean[p, 0], 2)));
        Console.WriteLine($"{100 * right:F1} % of the pixels in their region; dead pixels' red is off by {error:F1} of 255 (noise 25).");
    }
    Console.WriteLine("Written: restored.ppm, regions.ppm" + (args.Length == 0 ? ", landscape.ppm" : ""));
    return 0;
}
catch (Exception reason) when (reason is FormatException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(reason.Message);
    return 1;
}
